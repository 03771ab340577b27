import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertRemediationState } from './alert-remediation-state.service.js';
import { AlertEntity } from './alert.entity.js';
import { AlertReader } from './alert.reader.js';
import { AlertRepository } from './alert.repository.js';
import { IngestMappingEntity } from './mapping/mapping.entity.js';
import { AlertTimeline } from './timeline/alert-timeline.service.js';
import { AlertTimelineEntity } from './timeline/timeline.entity.js';
import { AlertTimelineRepository } from './timeline/timeline.repository.js';

/** Alerts: how they come in, their episodes and lifecycle, and what happened to them. */
@Module({
  imports: [TypeOrmModule.forFeature([AlertEntity, AlertTimelineEntity, IngestMappingEntity])],
  providers: [AlertRepository, AlertReader, AlertTimelineRepository, AlertTimeline, AlertRemediationState],
  exports: [AlertReader, AlertTimeline, AlertRemediationState],
})
export class AlertModule {}
