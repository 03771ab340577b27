import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from './clock.js';
import { AppConfig } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { DatabaseSession } from './database/database-session.js';
import { EventBus } from './events/event-bus.service.js';
import { LiveFeed } from './events/live-feed.service.js';
import { FailedOperationController } from './failed-operation/failed-operation.controller.js';
import { FailedOperationEntity } from './failed-operation/failed-operation.entity.js';
import { FailedOperationRepository } from './failed-operation/failed-operation.repository.js';
import { FailedOperationService } from './failed-operation/failed-operation.service.js';
import { FeatureFlagModule } from './flags/feature-flag.module.js';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { HandlerRegistry } from './jobs/handler.registry.js';
import { JobQueue } from './jobs/job-queue.service.js';
import { Breakers } from './resilience/breaker.js';
import { SecretBox } from './secrets/secret-box.js';
import { SecretReferences } from './secrets/secret-references.service.js';

/** What stands under every module: settings, database, jobs, events, secrets, breakers, health. */
@Global()
@Module({})
export class PlatformModule {
  static forConfig(config: AppConfig): DynamicModule {
    const shared = [Clock, DatabaseSession, JobQueue, EventBus, Breakers, SecretBox, SecretReferences];
    return {
      module: PlatformModule,
      global: true,
      imports: [
        DiscoveryModule,
        ConfigModule.for(config),
        DatabaseModule,
        FeatureFlagModule,
        TypeOrmModule.forFeature([FailedOperationEntity]),
      ],
      controllers: [HealthController, FailedOperationController],
      providers: [
        ...shared,
        HandlerRegistry,
        LiveFeed,
        HealthService,
        FailedOperationRepository,
        FailedOperationService,
      ],
      exports: [...shared],
    };
  }
}

@Global()
@Module({})
class ConfigModule {
  static for(config: AppConfig): DynamicModule {
    const provider = { provide: AppConfig, useValue: config };
    return { module: ConfigModule, global: true, providers: [provider], exports: [provider] };
  }
}
