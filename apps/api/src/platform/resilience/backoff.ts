/** How often and with which pauses something is tried. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  attempts: number;
  /** Milliseconds; the longest pause after the first attempt, doubled after each further one. */
  baseMs: number;
  /** Milliseconds that no pause exceeds. */
  maxMs: number;
}

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  /** 1 for the first. */
  attempt: number;
  /** Milliseconds for which the other side asked to be left alone (`Retry-After`). */
  askedWaitMs?: number | undefined;
  /** In [0, 1). */
  random: number;
}

/** Far beyond any `maxMs`, and short of infinity, of which zero times would be no number. */
const MAX_DOUBLINGS = 60;

/**
 * Pause in milliseconds before the next attempt, null when there is none. Exponential with full jitter: anything between
 * nothing and the full pause, so that many callers do not come back at the same instant. What the other side asked for is
 * the least; when that is beyond `maxMs` there is no next attempt: whoever waits here would wait too long.
 */
export function pauseAfter(failed: FailedAttempt, policy: RetryPolicy): number | null {
  const { attempt, askedWaitMs = 0, random } = failed;
  if (attempt >= policy.attempts || askedWaitMs > policy.maxMs) return null;
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, MAX_DOUBLINGS));
  return Math.max(askedWaitMs, Math.floor(full * random));
}
