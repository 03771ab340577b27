import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig, Clock, DatabaseSession, EventBus, Shutdown, systemActor } from '../../platform/index.js';
import { AlertTimeline } from '../timeline/alert-timeline.service.js';
import { OverdueRepository, type OverdueAlert } from './overdue.repository.js';

/** How late a timeout may be noticed, in milliseconds. */
const SWEEP_MS = 2_000;
const ALERTS_PER_SWEEP = 500;

/** Resolves alerts that their sender went silent about (`resolve_timeout`), or whose announced end has passed. */
@Injectable()
export class OverdueSweeper implements OnApplicationBootstrap {
  private readonly logger = new Logger('alerts');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly overdue: OverdueRepository,
    private readonly timeline: AlertTimeline,
    private readonly events: EventBus,
    private readonly session: DatabaseSession,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    shutdown: Shutdown,
  ) {
    shutdown.onDrain('overdue alerts', () => this.end());
  }

  onApplicationBootstrap(): void {
    if (this.config.runsJobs) this.schedule();
  }

  /** Resolves all that is overdue now. Several processes may do so at once. @returns how many. */
  async sweep(): Promise<number> {
    let resolved = 0;
    for (;;) {
      const { looked, overdue } = await this.session.transaction(() => this.sweepSome());
      resolved += overdue;
      if (looked < ALERTS_PER_SWEEP) return resolved;
    }
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.sweeping;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) =>
          this.logger.warn({ err: error }, 'overdue alerts could not be resolved yet'),
        )
        .finally(() => {
          if (this.timer !== undefined) this.schedule();
        });
    }, SWEEP_MS);
  }

  private async sweepSome(): Promise<{ looked: number; overdue: number }> {
    const now = this.clock.now();
    const due = await this.overdue.due(now, ALERTS_PER_SWEEP);
    if (due.length === 0) return { looked: 0, overdue: 0 };
    await this.overdue.postpone(due, now);
    const resolved = await this.overdue.resolve(due, now);
    if (resolved.length > 0) await this.tell(resolved, now);
    return { looked: due.length, overdue: resolved.length };
  }

  private async tell(resolved: OverdueAlert[], now: Date): Promise<void> {
    await this.timeline.addMany(
      resolved.map((alert) => ({
        alertId: alert.id,
        entry: {
          kind: 'resolved',
          actor: systemActor,
          summary: alert.wasTimeout
            ? 'Resolved, because its sender did not report it again in time'
            : 'Resolved, because the end that its sender announced has passed',
          details: { expired_at: alert.expiresAt.toISOString() },
          at: now,
        },
      })),
    );
    const changes = resolved.map(({ id }) => ({ alert_id: id, kind: 'resolved' as const }));
    await this.events.emit('alert.changed.v1', { changes });
  }
}
