import { Injectable } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import { EventBus } from '../events/event-bus.service.js';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** What a breaker needs to know of the calls it guards. */
export interface BreakerOptions {
  /** Failures in a row before it opens. */
  failures: number;
  /** Milliseconds after which one trial call is let through. */
  resetMs: number;
}

const defaults: BreakerOptions = { failures: 3, resetMs: 30_000 };

type Call<T> = () => Promise<T>;

/**
 * Circuit breakers by name (`llm:openai`, `channel:ops`), one per outside thing. Timeouts are the caller's:
 * a call that is abandoned must also be aborted, which a breaker cannot do.
 */
@Injectable()
export class Breakers {
  private readonly breakers = new Map<string, CircuitBreaker<[Call<unknown>], unknown>>();

  constructor(private readonly events: EventBus) {}

  /** Runs `call` unless the breaker is open. @throws the call's own error, or `BreakerOpenError`. */
  async run<T>(name: string, call: Call<T>, options: Partial<BreakerOptions> = {}): Promise<T> {
    const breaker = this.breakers.get(name) ?? this.create(name, { ...defaults, ...options });
    try {
      return (await breaker.fire(call)) as T;
    } catch (error) {
      if (CircuitBreaker.isOurError(error instanceof Error ? error : new Error(String(error)))) {
        throw new BreakerOpenError(name);
      }
      throw error;
    }
  }

  state(name: string): BreakerState {
    const breaker = this.breakers.get(name);
    if (breaker === undefined || breaker.closed) return 'closed';
    return breaker.halfOpen ? 'half_open' : 'open';
  }

  /** Every breaker that was used since this process began. */
  states(): { name: string; state: BreakerState }[] {
    return [...this.breakers.keys()].map((name) => ({ name, state: this.state(name) }));
  }

  /** Forgets a breaker, for a thing that was reconfigured or removed. */
  reset(name: string): void {
    this.breakers.get(name)?.shutdown();
    this.breakers.delete(name);
  }

  private create(name: string, options: BreakerOptions): CircuitBreaker<[Call<unknown>], unknown> {
    const breaker = new CircuitBreaker((call: Call<unknown>) => call(), {
      name,
      timeout: false,
      resetTimeout: options.resetMs,
      rollingCountTimeout: 60_000,
      errorThresholdPercentage: 50,
      volumeThreshold: options.failures,
    });
    const announce = (state: BreakerState) => () =>
      void this.events.emit('breaker.changed.v1', { name, state }).catch(() => undefined);
    breaker.on('open', announce('open'));
    breaker.on('halfOpen', announce('half_open'));
    breaker.on('close', announce('closed'));
    this.breakers.set(name, breaker);
    return breaker;
  }
}

/** The breaker is open: the call was not made. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  constructor(readonly breaker: string) {
    super(`${breaker} failed repeatedly; calls to it are paused for a short while`);
  }
}
