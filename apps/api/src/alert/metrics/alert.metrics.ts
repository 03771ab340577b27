import { Injectable } from '@nestjs/common';
import { severitySchema, type DomainEventPayload } from '@aiops/contracts';
import { BoundedLabels, Metrics, OnDomainEvents, type Happened } from '../../platform/index.js';
import { AlertMetricsRepository } from './alert-metrics.repository.js';

const MINUTE = 60;
const HOUR = 3600;
const BUCKETS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  24 * HOUR,
  7 * 24 * HOUR,
];
/** Sources that have series of their own. */
const SOURCES = 50;

type AlertChanged = DomainEventPayload<'alert.changed.v1'>;
const resolvedIn = ({ changes }: AlertChanged): string[] =>
  changes.filter(({ kind }) => kind === 'resolved').map((change) => change.alert_id);

/** What alerts tell about how the operation goes. */
@Injectable()
export class AlertMetrics {
  private readonly mttr;
  private readonly sources = new BoundedLabels(SOURCES);

  constructor(
    metrics: Metrics,
    private readonly repository: AlertMetricsRepository,
  ) {
    this.mttr = metrics.histogram({
      name: 'aiops_mttr_seconds',
      help: 'Time from the start of an alert to its resolution, of alerts that were resolved.',
      labels: ['severity'],
      buckets: BUCKETS,
    });
    // A series that begins at 1 has not grown: without these the first resolved alert would be missed.
    for (const severity of severitySchema.options) this.mttr.zero({ severity });
    const gauges = {
      aiops_alerts_by_source: {
        help: 'Alerts that are not resolved, by their source and severity.',
        labels: ['source', 'severity'],
      },
    };
    metrics.databaseGauges('alerts', gauges, async () => {
      const rows = await this.repository.open();
      return {
        aiops_alerts_by_source: rows.map(({ source, severity, count }) => ({
          labels: { source: this.sources.of(source), severity },
          value: count,
        })),
      };
    });
  }

  @OnDomainEvents('alert.changed.v1', 'alert.mttr', (event) => resolvedIn(event).length > 0)
  async onResolved(events: Happened<'alert.changed.v1'>[]): Promise<void> {
    const ids = events.flatMap(({ payload }) => resolvedIn(payload));
    for (const { severity, seconds } of await this.repository.recoveries(ids)) {
      this.mttr.observe({ severity }, seconds);
    }
  }
}
