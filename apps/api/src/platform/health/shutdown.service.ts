import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../config/config.js';

type Drain = () => Promise<void>;

interface Part {
  name: string;
  drain: Drain;
  afterDelay: boolean;
}

/** Of the whole time, what is kept for the end: last writes, and connections to the database that close. */
const RESERVE_MS = 1_000;

/**
 * The way out, within SHUTDOWN_TIMEOUT_MS: `/health/ready` says so at once, and no work is taken up any more; after
 * SHUTDOWN_DELAY_MS no new connections are taken either. What is under way ends or is handed back. Only then is the
 * application torn down, by the hooks of Nest, which release what their services hold and wait for no work.
 */
@Injectable()
export class Shutdown implements OnModuleDestroy {
  private readonly logger = new Logger('shutdown');
  private readonly parts: Part[] = [];
  private deadline = Infinity;
  private going: Promise<void> | null = null;

  constructor(private readonly config: AppConfig) {}

  /** Whether this instance is on its way out: it must get no more work. */
  get begun(): boolean {
    return this.deadline !== Infinity;
  }

  /** Milliseconds until everything must have ended; the whole time while nobody has asked to end. */
  get remainingMs(): number {
    if (!this.begun) return this.config.settings.SHUTDOWN_TIMEOUT_MS;
    return Math.max(0, this.deadline - performance.now());
  }

  /**
   * Adds what must end or be handed back. With `afterDelay` it begins when balancers had time to look elsewhere:
   * for what serves callers.
   */
  onDrain(name: string, drain: Drain, { afterDelay = false } = {}): void {
    this.parts.push({ name, drain, afterDelay });
  }

  /** Drains everything, once, however often it is called; never rejects. */
  drain(): Promise<void> {
    this.going ??= this.run();
    return this.going;
  }

  /** Who closes the application without having drained it gets that too. */
  onModuleDestroy(): Promise<void> {
    return this.drain();
  }

  /** Waits for `work`, at most until so many milliseconds are left. @returns whether it has ended */
  within(work: Promise<unknown>, leavingMs = 0): Promise<boolean> {
    return this.endsIn(this.remainingMs - leavingMs, work);
  }

  /**
   * Drains everything and then waits for `close`, which tears the application down, for what is left of the time: what
   * hangs then (a statement that waits for a lock, a connection that says nothing) ends with the process.
   */
  async end(close: () => Promise<unknown>): Promise<void> {
    await this.drain();
    const closed = await this.endsIn(this.remainingMs + this.reserveMs, close());
    if (!closed) this.logger.warn('what still hangs ends with the process');
  }

  private get reserveMs(): number {
    return Math.min(RESERVE_MS, this.config.settings.SHUTDOWN_TIMEOUT_MS / 5);
  }

  private async endsIn(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
    const done = new AbortController();
    const limit = sleep(Math.max(0, milliseconds), false, { signal: done.signal });
    try {
      return await Promise.race([work.then(() => true), limit]);
    } finally {
      done.abort();
      // A limit that nobody waits for any more ends in an abort.
      limit.catch(() => undefined);
    }
  }

  private async run(): Promise<void> {
    const { SHUTDOWN_TIMEOUT_MS: whole, SHUTDOWN_DELAY_MS: delay } = this.config.settings;
    this.deadline = performance.now() + whole - this.reserveMs;
    this.logger.log(`shutting down within ${whole} ms`);
    // Balancers go by `/health/ready`: until they have looked they send more, and that is served.
    const delayed = sleep(Math.min(delay, this.remainingMs / 2));
    const under = new Set(this.parts.map(({ name }) => name));
    const all = this.parts.map(async ({ name, drain, afterDelay }) => {
      try {
        if (afterDelay) await delayed;
        await drain();
      } catch (error) {
        this.logger.error({ err: error, part: name }, 'a part of the engine did not end in good order');
      }
      under.delete(name);
    });
    if (await this.within(Promise.all(all))) this.logger.log('everything has ended or was handed back');
    else this.logger.warn({ parts: [...under] }, 'not everything ended in time');
  }
}
