import { Global, Module } from '@nestjs/common';
import { MetricsAccess } from './metrics-access.service.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';
import { PlatformMetricsRepository } from './platform-metrics.repository.js';
import { PlatformMetrics } from './platform-metrics.js';
import { ProcessMetrics } from './process-metrics.js';

/** What the engine tells Prometheus. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [Metrics, MetricsAccess, PlatformMetricsRepository, PlatformMetrics, ProcessMetrics],
  exports: [Metrics],
})
export class MetricsModule {}
