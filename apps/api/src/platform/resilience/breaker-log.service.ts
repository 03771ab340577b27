import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ClsService } from 'nestjs-cls';
import { newId } from '../clock.js';
import { DatabaseSession } from '../database/database-session.js';
import { EventBus } from '../events/event-bus.service.js';
import { redactText } from '../secrets/redact.js';
import type { BreakerStatus } from './breaker.js';
import { BreakerRepository } from './breaker.repository.js';

const DAY_MS = 24 * 3_600_000;
const LONGEST_REASON = 300;

/** Tells the other processes and the screens how the breakers of this process stand. */
@Injectable()
export class BreakerLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly instanceId = newId();
  private readonly logger = new Logger('breakers');
  /** One after the other: the last word is the last that happened. */
  private told: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: BreakerRepository,
    private readonly events: EventBus,
    private readonly session: DatabaseSession,
    private readonly cls: ClsService,
  ) {}

  onApplicationBootstrap(): void {
    this.inTurn(() => this.repository.remove({ changedBefore: new Date(Date.now() - DAY_MS) }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.inTurn(() => this.repository.remove({ instanceId: this.instanceId }));
    await this.told;
  }

  /** Lets the others know that it exists; screens learn of it when they look. */
  introduce(status: BreakerStatus): void {
    this.inTurn(() => this.save(status));
  }

  record(status: BreakerStatus): void {
    const { name, state } = status;
    this.logger.warn({ breaker: name, state }, `calls to ${name}: the breaker is ${state.replace('_', '-')}`);
    this.inTurn(async () => {
      await this.save(status);
      await this.events.emit('breaker.changed.v1', { name, state });
    });
  }

  /** `announce` when screens show it as anything but closed. */
  forget(name: string, announce: boolean): void {
    this.inTurn(async () => {
      await this.repository.remove({ name });
      if (announce) await this.events.emit('breaker.changed.v1', { name, state: 'closed' });
    });
  }

  private async save(status: BreakerStatus): Promise<void> {
    const reason = status.reason === null ? null : redactText(status.reason).slice(0, LONGEST_REASON);
    await this.repository.save({ ...status, reason, instanceId: this.instanceId });
  }

  /** Outside any transaction of whoever made the call, in which the change would be undone with it. */
  private inTurn(work: () => Promise<void>): void {
    this.told = this.told.then(() =>
      this.cls
        .exit(() => this.session.transaction(work))
        // What cannot be told while the database is away is told by the next change.
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a breaker’s state was not stored')),
    );
  }
}
