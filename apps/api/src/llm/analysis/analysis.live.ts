import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../../live/index.js';
import { OnLiveEvent } from '../../platform/index.js';
import { toAnalysisDto } from './analysis.mapper.js';
import { AnalysisService } from './analysis.service.js';

/** Shows a finished analysis on open screens. */
@Injectable()
export class AnalysisLive {
  constructor(
    private readonly analyses: AnalysisService,
    private readonly gateway: LiveGateway,
  ) {}

  @OnLiveEvent('analysis.changed.v1')
  async push(event: DomainEventPayload<'analysis.changed.v1'>): Promise<void> {
    if (event.status !== 'completed' || !this.gateway.hasClients) return;
    this.gateway.push('analysis.completed', toAnalysisDto(await this.analyses.get(event.analysis_id)));
  }
}
