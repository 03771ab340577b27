import { Injectable } from '@nestjs/common';
import { idSchema, type ListQuery } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import { z } from 'zod';
import {
  Clock,
  DatabaseSession,
  defineJob,
  EventBus,
  HandlesJob,
  JobQueue,
  newId,
  UserError,
  type JobContext,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { AnalysisRepository, type Analysis } from './analysis.repository.js';
import type { AnalysisFacts } from './facts.js';
import { ProviderChain } from './provider-chain.js';

const analyzeJob = defineJob('llm.analyze', z.object({ analysis_id: idSchema }), {
  retryLimit: 2,
  retryDelay: 5,
  // Longer than several slow providers one after the other.
  expireIn: 1_800,
  concurrency: 4,
});

/** Analyses run in the background; nothing waits for them. */
@Injectable()
export class AnalysisService {
  constructor(
    private readonly repository: AnalysisRepository,
    private readonly chain: ProviderChain,
    private readonly jobs: JobQueue,
    private readonly events: EventBus,
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  /** Stores the facts and asks for an analysis of them; answers at once with the pending one. */
  @Transactional()
  async request(facts: AnalysisFacts, requestedBy: string): Promise<Analysis> {
    const analysis: Analysis = {
      id: newId(),
      alertId: facts.alert.id,
      status: 'pending',
      facts,
      provider: null,
      model: null,
      result: null,
      hops: [],
      requestedBy,
      createdAt: this.clock.now(),
      completedAt: null,
    };
    await this.store(analysis);
    await this.jobs.send(analyzeJob, { analysis_id: analysis.id });
    return analysis;
  }

  async get(id: string): Promise<Analysis> {
    const analysis = await this.repository.find(id);
    if (analysis === null) throw UserError.notFound('analysis', id);
    return analysis;
  }

  forAlert(alertId: string, query: ListQuery & Reads): Promise<Page<Sparse<Analysis>>> {
    return this.repository.forAlert(alertId, query);
  }

  @HandlesJob(analyzeJob)
  async run({ analysis_id }: { analysis_id: string }, { signal }: JobContext): Promise<void> {
    const analysis = await this.get(analysis_id);
    if (analysis.status === 'completed') return;
    await this.store({ ...analysis, status: 'running' });
    const { provider, model, result, hops } = await this.chain.analyze(analysis.facts, signal);
    await this.store({
      ...analysis,
      status: 'completed',
      provider,
      model,
      result,
      hops,
      completedAt: this.clock.now(),
    });
  }

  private async store(analysis: Analysis): Promise<void> {
    await this.session.transaction(async () => {
      await this.repository.save(analysis);
      const { id, alertId, status } = analysis;
      await this.events.emit('analysis.changed.v1', { analysis_id: id, alert_id: alertId, status });
    });
  }
}
