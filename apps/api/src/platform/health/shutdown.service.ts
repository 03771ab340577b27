import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../config/config.js';

type Drain = () => Promise<void>;

/**
 * The way out, within SHUTDOWN_TIMEOUT_MS: first `/health/ready` says so, after SHUTDOWN_DELAY_MS no new connections
 * are taken, and then whatever is under way ends or is handed back. Only after that the application is torn down.
 */
@Injectable()
export class Shutdown {
  private readonly logger = new Logger('shutdown');
  private readonly drains: { name: string; drain: Drain }[] = [];
  private deadline = Infinity;
  private going: Promise<void> | null = null;

  constructor(private readonly config: AppConfig) {}

  /** Whether this instance is on its way out: it must get no more work. */
  get begun(): boolean {
    return this.going !== null;
  }

  /** Milliseconds until everything must have ended; the whole time while nobody has asked to end. */
  get remainingMs(): number {
    const whole = this.config.settings.SHUTDOWN_TIMEOUT_MS;
    return this.deadline === Infinity ? whole : Math.max(0, this.deadline - performance.now());
  }

  /** Adds what must end or be handed back; `drain` keeps within `remainingMs` by itself. */
  onDrain(name: string, drain: Drain): void {
    this.drains.push({ name, drain });
  }

  /** Drains everything, once, however often it is called; never rejects. */
  drain(): Promise<void> {
    this.going ??= this.run();
    return this.going;
  }

  private async run(): Promise<void> {
    this.deadline = performance.now() + this.config.settings.SHUTDOWN_TIMEOUT_MS;
    const delay = Math.min(this.config.settings.SHUTDOWN_DELAY_MS, this.remainingMs / 2);
    // Balancers go by `/health/ready`: until they have looked they send more, and that is served.
    if (delay > 0) await sleep(delay);
    await Promise.all(
      this.drains.map(async ({ name, drain }) => {
        try {
          await drain();
        } catch (error) {
          this.logger.error({ err: error, part: name }, 'a part of the engine did not end in good order');
        }
      }),
    );
  }
}
