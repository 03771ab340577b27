import { EventEmitter, once } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import { AppConfig } from '../config/config.js';
import { messageOf } from '../errors/errors.js';
import { OutboundRefusedError } from '../outbound/outbound.error.js';
import { BreakerLog } from './breaker-log.service.js';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** What a breaker needs to know of a call that it guards. */
export interface GuardedCall {
  /** Which errors speak against the thing outside; all unless given. The others prove that it is there. */
  counts?: (error: unknown) => boolean;
  /**
   * While the breaker is open, wait for the next trial instead of failing at once, until this ends. For calls that are
   * meant to fail until a thing comes back: they lose no attempt to the breaker.
   */
  waitUntil?: AbortSignal;
  /** Milliseconds after which an open breaker lets one call try; BREAKER_RESET_MS unless given. */
  resetMs?: number;
}

/** A breaker as it stands in this process. */
export interface BreakerStatus {
  name: string;
  state: BreakerState;
  /** Why the last call failed that counted. */
  reason: string | null;
  changedAt: Date;
  /** When the next call may try; null unless it is open. */
  retryAt: Date | null;
}

/** Whom a breaker tells how it stands. */
export type BreakerWitness = Pick<BreakerLog, 'introduce' | 'record' | 'forget'>;

type Call<T> = () => Promise<T>;
type Guard = CircuitBreaker<[Call<unknown>], unknown>;
interface Entry {
  guard: Guard;
  status: BreakerStatus;
}

/** Calls are judged by what happened within this time. */
const WINDOW_MS = 60_000;
/** Names may come from what people and runbooks write: beyond so many, the oldest closed ones are forgotten. */
const MOST = 1000;

/**
 * The circuit breakers around everything outside, by name (`llm:openai`, `channel:ops`), one for each thing; the one way
 * to call it. A breaker opens when more than half of the calls within a minute failed, once there were BREAKER_CALLS of
 * them, and lets one call try after BREAKER_RESET_MS: a success closes it, a failure opens it again. Each process judges
 * by its own calls. Timeouts are the caller's: a call that is abandoned must also be aborted, which a breaker cannot do.
 * What a person asks for by hand (the test of a channel, a target, a model) goes past the breaker.
 */
@Injectable()
export class Breakers {
  private readonly entries = new Map<string, Entry>();
  private readonly changes = new EventEmitter().setMaxListeners(0);

  constructor(
    private readonly config: AppConfig,
    @Inject(BreakerLog) private readonly log: BreakerWitness,
  ) {}

  /** Runs `call` unless the breaker is open. @throws the call's own error, or `BreakerOpenError`. */
  async run<T>(name: string, call: Call<T>, options: GuardedCall = {}): Promise<T> {
    for (;;) {
      try {
        return await this.attempt(name, call, options);
      } catch (error) {
        const { waitUntil } = options;
        const isOurs = error instanceof BreakerOpenError && error.breaker === name;
        if (!isOurs || waitUntil === undefined || waitUntil.aborted) throw error;
        await this.changed(name, waitUntil);
      }
    }
  }

  state(name: string): BreakerState {
    return this.entries.get(name)?.status.state ?? 'closed';
  }

  /** Every breaker that was used since this process began. */
  states(): BreakerStatus[] {
    return [...this.entries.values()].map(({ status }) => ({ ...status }));
  }

  /** Forgets a breaker, for a thing that answered a person, was reconfigured or removed. */
  reset(name: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    entry.guard.shutdown();
    this.entries.delete(name);
    this.log.forget(name, entry.status.state !== 'closed');
    this.changes.emit(name);
  }

  private async attempt<T>(name: string, call: Call<T>, { counts, resetMs }: GuardedCall): Promise<T> {
    const { guard } = this.entries.get(name) ?? this.create(name, resetMs);
    const result = await guard
      .fire(() => outcomeOf(call, counts))
      .catch((error: unknown) => {
        throw CircuitBreaker.isOurError(asError(error)) ? new BreakerOpenError(name) : error;
      });
    const outcome = result as Outcome<T>;
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Ends when a call may be let through that was not before, or with the signal. */
  private async changed(name: string, signal: AbortSignal): Promise<void> {
    const guard = this.entries.get(name)?.guard;
    if (guard === undefined || guard.closed || guard.pendingClose) return;
    await once(this.changes, name, { signal }).catch(() => undefined);
  }

  private create(name: string, resetMs = this.config.settings.BREAKER_RESET_MS): Entry {
    this.makeRoom();
    const guard: Guard = new CircuitBreaker((call: Call<unknown>) => call(), {
      name,
      timeout: false,
      resetTimeout: resetMs,
      rollingCountTimeout: WINDOW_MS,
      errorThresholdPercentage: 50,
      volumeThreshold: this.config.settings.BREAKER_CALLS,
    });
    const status: BreakerStatus = {
      name,
      state: 'closed',
      reason: null,
      changedAt: new Date(),
      retryAt: null,
    };
    const entry = { guard, status };
    guard.on('failure', (error) => (status.reason = messageOf(error)));
    guard.on('open', () => this.enter(entry, 'open', new Date(Date.now() + resetMs)));
    guard.on('halfOpen', () => this.enter(entry, 'half_open', null));
    guard.on('close', () => this.enter(entry, 'closed', null));
    this.entries.set(name, entry);
    this.log.introduce({ ...status });
    return entry;
  }

  private enter({ status }: Entry, state: BreakerState, retryAt: Date | null): void {
    Object.assign(status, { state, retryAt, changedAt: new Date() });
    this.log.record({ ...status });
    this.changes.emit(status.name);
  }

  private makeRoom(): void {
    if (this.entries.size < MOST) return;
    const oldest = [...this.entries].find(([, { guard }]) => guard.closed);
    if (oldest !== undefined) this.reset(oldest[0]);
  }
}

type Outcome<T> = { value: T } | { error: unknown };

/** Throws what the breaker shall count, and only that. */
async function outcomeOf<T>(call: Call<T>, counts: GuardedCall['counts']): Promise<Outcome<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    // A call that the settings forbid says nothing about whom it was meant for.
    if (!(error instanceof OutboundRefusedError) && (counts?.(error) ?? true)) throw error;
    return { error };
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** The breaker is open: the call was not made. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  constructor(readonly breaker: string) {
    super(`${breaker} failed repeatedly; calls to it are paused for a short while`);
  }
}
