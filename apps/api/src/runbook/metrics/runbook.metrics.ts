import { Injectable } from '@nestjs/common';
import { executionStatusSchema, finalExecutionStatuses, type DomainEventPayload } from '@aiops/contracts';
import { BoundedLabels, breakerValue, Metrics, OnDomainEvent } from '../../platform/index.js';
import { RunbookMetricsRepository } from './runbook-metrics.repository.js';

/** The success rate is that of so many days. */
const DAYS = 30;
const CATEGORIES = 50;
const RUNBOOKS = 200;
const BUCKETS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

type ExecutionChanged = DomainEventPayload<'execution.changed.v1'>;
const final = new Set<string>(finalExecutionStatuses);
const unfinished = executionStatusSchema.options.filter((status) => !final.has(status));

const ends = ({ status, previous_status: before }: ExecutionChanged): boolean =>
  final.has(status) && before !== null && before !== status;

/** How runbooks fare. */
@Injectable()
export class RunbookMetrics {
  private readonly finished;
  private readonly durations;
  private readonly categories = new BoundedLabels(CATEGORIES);

  constructor(
    private readonly metrics: Metrics,
    private readonly repository: RunbookMetricsRepository,
  ) {
    this.finished = metrics.counter({
      name: 'aiops_executions_finished_total',
      help: 'Executions that came to their end, by how they ended; dry runs are none.',
      labels: ['outcome'],
    });
    this.durations = metrics.histogram({
      name: 'aiops_execution_duration_seconds',
      help: 'Time from the start of an execution to its end, by how it ended; dry runs are none.',
      labels: ['outcome'],
      buckets: BUCKETS,
    });
    for (const outcome of finalExecutionStatuses) this.finished.inc({ outcome }, 0);
    this.successRate();
    this.underWay();
    this.breakers();
  }

  @OnDomainEvent('execution.changed.v1', 'runbook.metrics', ends)
  async onEnd({ execution_id: id, status: outcome }: ExecutionChanged): Promise<void> {
    const execution = await this.repository.duration(id);
    if (execution === null || execution.dryRun) return;
    this.finished.inc({ outcome });
    if (execution.seconds !== null) this.durations.observe({ outcome }, execution.seconds);
  }

  private successRate(): void {
    const gauges = {
      aiops_runbook_success_rate: {
        help: `Share of runs that succeeded among those that succeeded, failed, were rolled back or timed out in the last ${DAYS} days, 0 to 1, by category of the runbook.`,
        labels: ['category'],
      },
      aiops_runbook_runs: {
        help: `Those runs of the last ${DAYS} days, by category of the runbook and by whether they succeeded.`,
        labels: ['category', 'outcome'],
      },
    };
    this.metrics.databaseGauges('runbooks', gauges, async () => {
      const rows = this.bounded(await this.repository.outcomes(DAYS));
      return {
        aiops_runbook_success_rate: rows.map(({ category, succeeded, failed }) => ({
          labels: { category },
          value: succeeded / (succeeded + failed),
        })),
        aiops_runbook_runs: rows.flatMap(({ category, succeeded, failed }) => [
          { labels: { category, outcome: 'success' }, value: succeeded },
          { labels: { category, outcome: 'failure' }, value: failed },
        ]),
      };
    });
  }

  /** Rates cannot be added: categories that share a series are put together before their rate is taken. */
  private bounded(rows: { category: string; succeeded: number; failed: number }[]) {
    const sums = new Map<string, { category: string; succeeded: number; failed: number }>();
    for (const row of rows) {
      const category = this.categories.of(row.category);
      const sum = sums.get(category) ?? { category, succeeded: 0, failed: 0 };
      sum.succeeded += row.succeeded;
      sum.failed += row.failed;
      sums.set(category, sum);
    }
    return [...sums.values()];
  }

  private underWay(): void {
    const gauges = {
      aiops_executions_unfinished: {
        help: 'Executions that have not come to their end, by status.',
        labels: ['status'],
      },
    };
    this.metrics.databaseGauges('executions', gauges, async () => {
      const rows = await this.repository.unfinished(unfinished);
      const counts = new Map(rows.map(({ status, count }) => [status, count]));
      return {
        aiops_executions_unfinished: unfinished.map((status) => ({
          labels: { status },
          value: counts.get(status) ?? 0,
        })),
      };
    });
  }

  private breakers(): void {
    const gauges = {
      aiops_runbook_breaker_state: {
        help: `Circuit breakers of runbooks, which all instances share: 0 closed, 1 half open, 2 open; at most ${RUNBOOKS}, open ones first.`,
        labels: ['runbook'],
      },
    };
    this.metrics.databaseGauges('runbook_breakers', gauges, async () => {
      const rows = await this.repository.breakers(RUNBOOKS);
      return {
        aiops_runbook_breaker_state: rows.map(({ name, state }) => ({
          labels: { runbook: name },
          value: breakerValue[state],
        })),
      };
    });
  }
}
