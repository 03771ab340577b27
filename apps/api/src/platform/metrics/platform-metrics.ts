import { Injectable } from '@nestjs/common';
import { Breakers } from '../resilience/breaker.js';
import { BoundedLabels } from './bounded-labels.js';
import { breakerSamples } from './breaker-samples.js';
import { Metrics } from './metrics.service.js';
import { PlatformMetricsRepository } from './platform-metrics.repository.js';

/** Queues, breakers, the database pool and failed operations, for whatever module they work. */
@Injectable()
export class PlatformMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly breakers: Breakers,
    private readonly repository: PlatformMetricsRepository,
  ) {
    this.queues();
    this.failedOperations();
    this.breakerStates();
    this.pool();
  }

  private queues(): void {
    this.metrics.databaseGauges(
      'queues',
      {
        aiops_queue_jobs: {
          help: 'Jobs that wait, by queue; `due` may begin now, `later` have their time still to come.',
          labels: ['queue', 'state'],
        },
        aiops_queue_oldest_job_age_seconds: {
          help: 'How long the job that waits longest has been due, by queue; 0 when none is.',
          labels: ['queue'],
        },
      },
      async () => {
        const queues = await this.repository.queues();
        return {
          aiops_queue_jobs: queues.flatMap(({ queue, due, later }) => [
            { labels: { queue, state: 'due' }, value: due },
            { labels: { queue, state: 'later' }, value: later },
          ]),
          aiops_queue_oldest_job_age_seconds: queues.map(({ queue, oldestSeconds }) => ({
            labels: { queue },
            value: oldestSeconds,
          })),
        };
      },
    );
  }

  private failedOperations(): void {
    const operations = new BoundedLabels(200);
    const gauges = {
      aiops_failed_operations_open: {
        help: 'Operations that used up their attempts and that nobody has tried again or discarded.',
        labels: ['operation'],
      },
    };
    this.metrics.databaseGauges('failed_operations', gauges, async () => {
      const rows = await this.repository.failedOperations();
      return {
        aiops_failed_operations_open: rows.map(({ operation, count }) => ({
          labels: { operation: operations.of(operation) },
          value: count,
        })),
      };
    });
  }

  private breakerStates(): void {
    const names = new BoundedLabels(300);
    this.metrics.gauge(
      {
        name: 'aiops_breaker_state',
        help: 'Circuit breakers that this process has used: 0 closed, 1 half open, 2 open.',
        labels: ['kind', 'name'],
      },
      () => breakerSamples(this.breakers.states(), names),
    );
  }

  private pool(): void {
    const words = {
      name: 'aiops_database_pool_connections',
      help: 'Connections of this process to PostgreSQL that requests and jobs share.',
      labels: ['state'] as const,
    };
    this.metrics.gauge(words, () => {
      const pool = this.repository.pool();
      if (pool === null) return [];
      return [
        { labels: { state: 'used' }, value: pool.used },
        { labels: { state: 'idle' }, value: pool.idle },
      ];
    });
    this.metrics.gauge(
      {
        name: 'aiops_database_pool_waiting',
        help: 'Requests and jobs of this process that wait for one of those connections.',
      },
      () => this.repository.pool()?.waiting ?? 0,
    );
  }
}
