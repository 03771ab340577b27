import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../config/config.schema.js';
import { OperationalError } from '../errors/errors.js';
import { pauseAfter, type RetryPolicy } from './backoff.js';

export interface Retrying extends RetryPolicy {
  /**
   * The caller's word that a call which was made twice does no more than one that was made once: it reads, it connects,
   * or the other side drops what it has. Without that nothing may be retried: a command that was started never is.
   */
  safe: true;
  /** Ends the waiting; the call minds it by itself. */
  signal?: AbortSignal | undefined;
  /** Whether an error may pass; those of the surroundings unless given. */
  mayPass?: (error: unknown) => boolean;
  /** Milliseconds that the other side asked to wait; `OperationalError.askedWaitMs` unless given. */
  askedWaitMs?: (error: unknown) => number | undefined;
}

/** The policy of the settings, for calls in which somebody waits for the answer. */
export const retryPolicy = (settings: Settings): RetryPolicy => ({
  attempts: settings.RETRY_ATTEMPTS,
  baseMs: settings.RETRY_BASE_MS,
  maxMs: settings.RETRY_MAX_MS,
});

/**
 * Makes a call to something outside, again when it failed for a reason that may pass. The one way to retry within a call;
 * work that has to outlive this process is a job, which is tried again from the queue with the same kind of pauses.
 * @throws the error of the last attempt; the signal's reason when it ended the waiting.
 */
export async function retrying<T>(policy: Retrying, call: (attempt: number) => Promise<T>): Promise<T> {
  const { signal, mayPass = isOfSurroundings, askedWaitMs = askedByOther } = policy;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      const wait = mayPass(error)
        ? pauseAfter({ attempt, askedWaitMs: askedWaitMs(error), random: Math.random() }, policy)
        : null;
      if (wait === null) throw error;
      await pause(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

const isOfSurroundings = (error: unknown): boolean => error instanceof OperationalError;

const askedByOther = (error: unknown): number | undefined =>
  error instanceof OperationalError ? error.askedWaitMs : undefined;
