import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from './audit/audit.module.js';
import { Clock } from './clock.js';
import { AppConfig } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { DatabaseSession } from './database/database-session.js';
import { Lists } from './database/lists.js';
import { EventBus } from './events/event-bus.service.js';
import { LiveFeed } from './events/live-feed.service.js';
import { FailedOperationController } from './failed-operation/failed-operation.controller.js';
import { FailedOperationEntity } from './failed-operation/failed-operation.entity.js';
import { FailedOperationRepository } from './failed-operation/failed-operation.repository.js';
import { FailedOperationService } from './failed-operation/failed-operation.service.js';
import { FeatureFlagModule } from './flags/feature-flag.module.js';
import { CallContext } from './http/call-context.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { HandlerRegistry } from './jobs/handler.registry.js';
import { JobQueue } from './jobs/job-queue.service.js';
import { JobRepository } from './jobs/job.repository.js';
import { Outbound } from './outbound/outbound.service.js';
import { outboundPolicy } from './outbound/outbound-policy.js';
import { ResilienceModule } from './resilience/resilience.module.js';
import { SecretBox } from './secrets/secret-box.js';
import { SecretReferences } from './secrets/secret-references.service.js';

/** What stands under every module: settings, database, jobs, events, secrets, breakers, health, metrics. */
@Global()
@Module({})
export class PlatformModule {
  static forConfig(config: AppConfig): DynamicModule {
    const outbound = { provide: Outbound, useFactory: () => new Outbound(outboundPolicy(config.settings)) };
    const shared = [
      Clock,
      CallContext,
      DatabaseSession,
      Lists,
      JobQueue,
      EventBus,
      SecretBox,
      SecretReferences,
      outbound,
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [
        DiscoveryModule,
        ConfigModule.for(config),
        DatabaseModule,
        AuditModule,
        FeatureFlagModule,
        HealthModule,
        MetricsModule,
        ObservabilityModule,
        ResilienceModule,
        TypeOrmModule.forFeature([FailedOperationEntity]),
      ],
      controllers: [FailedOperationController],
      providers: [
        ...shared,
        HandlerRegistry,
        JobRepository,
        LiveFeed,
        FailedOperationRepository,
        FailedOperationService,
      ],
      exports: [...shared, AuditModule],
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
