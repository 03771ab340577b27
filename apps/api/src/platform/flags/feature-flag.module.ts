import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FeatureFlags } from './feature-flags.service.js';
import { FlagSnapshot } from './flag-snapshot.service.js';
import { FeatureFlagController } from './flag.controller.js';
import { FeatureFlagEntity } from './flag.entity.js';
import { FeatureFlagRepository } from './flag.repository.js';
import { FeatureFlagService } from './flag.service.js';

/** Switches that administrators turn while the engine runs. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([FeatureFlagEntity])],
  controllers: [FeatureFlagController],
  providers: [FeatureFlagRepository, FlagSnapshot, FeatureFlagService, FeatureFlags],
  exports: [FeatureFlags],
})
export class FeatureFlagModule {}
