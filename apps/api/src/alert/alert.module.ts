import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertRemediationState } from './alert-remediation-state.service.js';
import { AlertController } from './alert.controller.js';
import { AlertEntity } from './alert.entity.js';
import { AlertLive } from './alert.live.js';
import { AlertReader } from './alert.reader.js';
import { AlertRepository } from './alert.repository.js';
import { AlertService } from './alert.service.js';
import { ingestAdapters } from './ingest/adapter.registry.js';
import { createIngestController } from './ingest/ingest.controller.js';
import { IngestQueue } from './ingest/ingest.queue.js';
import { IngestRepository } from './ingest/ingest.repository.js';
import { IngestService } from './ingest/ingest.service.js';
import { IngestStore } from './ingest/ingest.store.js';
import { OverdueRepository } from './ingest/overdue.repository.js';
import { OverdueSweeper } from './ingest/overdue.sweeper.js';
import { AlertLifecycle } from './lifecycle/alert-lifecycle.service.js';
import { IngestMappingController } from './mapping/mapping.controller.js';
import { IngestMappingEntity } from './mapping/mapping.entity.js';
import { IngestMappingRepository } from './mapping/mapping.repository.js';
import { IngestMappingService } from './mapping/mapping.service.js';
import { AlertMetricsRepository } from './metrics/alert-metrics.repository.js';
import { AlertMetrics } from './metrics/alert.metrics.js';
import { OwnAlerts } from './own/own-alerts.listener.js';
import { AlertTimeline } from './timeline/alert-timeline.service.js';
import { AlertHistoryEntity } from './timeline/history.entity.js';
import { AlertTimelineEntity } from './timeline/timeline.entity.js';
import { AlertTimelineRepository } from './timeline/timeline.repository.js';

const ingestion = [
  IngestRepository,
  IngestStore,
  IngestQueue,
  IngestService,
  OverdueRepository,
  OverdueSweeper,
];
const mapping = [IngestMappingRepository, IngestMappingService];
const timeline = [AlertTimelineRepository, AlertTimeline];

/** Alerts: how they come in, their episodes and lifecycle, and what happened to them. */
@Module({
  imports: [
    TypeOrmModule.forFeature([AlertEntity, AlertTimelineEntity, AlertHistoryEntity, IngestMappingEntity]),
  ],
  controllers: [...ingestAdapters.map(createIngestController), IngestMappingController, AlertController],
  providers: [
    AlertRepository,
    AlertReader,
    AlertService,
    AlertLifecycle,
    AlertLive,
    AlertRemediationState,
    AlertMetricsRepository,
    AlertMetrics,
    OwnAlerts,
    ...timeline,
    ...mapping,
    ...ingestion,
  ],
  exports: [AlertReader, AlertTimeline, AlertRemediationState],
})
export class AlertModule {}
