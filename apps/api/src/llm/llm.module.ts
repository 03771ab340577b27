import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AnalysisEntity } from './analysis/analysis.entity.js';
import { AnalysisLive } from './analysis/analysis.live.js';
import { AnalysisRepository } from './analysis/analysis.repository.js';
import { AnalysisService } from './analysis/analysis.service.js';
import { RecommendationReader } from './analysis/recommendation.reader.js';
import { ProviderChain } from './analysis/provider-chain.js';
import { LlmHealth } from './llm.health.js';
import { LlmProviderController } from './provider/provider.controller.js';
import { LlmProviderEntity } from './provider/provider.entity.js';
import { LlmProviderRepository } from './provider/provider.repository.js';
import { LlmProviderService } from './provider/provider.service.js';

/** Model providers and the analyses that they, or the template, make. */
@Module({
  imports: [TypeOrmModule.forFeature([LlmProviderEntity, AnalysisEntity])],
  controllers: [LlmProviderController],
  providers: [
    LlmProviderRepository,
    LlmProviderService,
    ProviderChain,
    AnalysisRepository,
    AnalysisService,
    RecommendationReader,
    AnalysisLive,
    LlmHealth,
  ],
  exports: [AnalysisService, RecommendationReader],
})
export class LlmModule {}
