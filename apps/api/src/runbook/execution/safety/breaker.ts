/**
 * The circuit breaker of one runbook. Failures in a row open it; open, it refuses automatic runs; after a pause
 * one automatic run is let through as a trial, whose end closes it or opens it again. A person may always run
 * the runbook: a success of theirs closes it too.
 */
export const BREAKER_FAILURES = 3;
export const BREAKER_PAUSE_MS = 10 * 60_000;

export type BreakerPhase = 'closed' | 'open' | 'half_open';

export interface RunbookBreaker {
  state: BreakerPhase;
  /** Failures in a row. */
  failures: number;
  openedAt: Date | null;
  /** From when on one trial is let through. */
  retryAt: Date | null;
  /** The execution that is the trial. */
  trial: string | null;
}

export const closedBreaker: RunbookBreaker = {
  state: 'closed',
  failures: 0,
  openedAt: null,
  retryAt: null,
  trial: null,
};

export type Admission = { admitted: true; breaker: RunbookBreaker } | { admitted: false; reason: string };

/** Whether an automatic run may start now; the one after the pause becomes the trial. */
export function admitAutomatic(breaker: RunbookBreaker, executionId: string, now: Date): Admission {
  if (breaker.state === 'closed') return { admitted: true, breaker };
  if (breaker.trial !== null) {
    return {
      admitted: false,
      reason: 'its circuit breaker is half open and one trial run is already under way',
    };
  }
  if (breaker.retryAt !== null && now < breaker.retryAt) {
    return {
      admitted: false,
      reason: `its circuit breaker is open after ${breaker.failures} failures in a row; a trial run is let through from ${breaker.retryAt.toISOString()}`,
    };
  }
  return { admitted: true, breaker: { ...breaker, state: 'half_open', trial: executionId } };
}

/** What the end of an execution does: `neither` is one that proved nothing, such as a cancelled one. */
export function afterRun(
  breaker: RunbookBreaker,
  executionId: string,
  outcome: 'success' | 'failure' | 'neither',
  now: Date,
): RunbookBreaker {
  const untouched = breaker.state === 'closed' && breaker.failures === 0;
  if (outcome === 'success') return untouched ? breaker : closedBreaker;
  const wasTrial = breaker.trial === executionId;
  if (outcome === 'neither') return wasTrial ? { ...breaker, trial: null, retryAt: now } : breaker;
  const failures = breaker.failures + 1;
  const opens = wasTrial || (breaker.state === 'closed' && failures >= BREAKER_FAILURES);
  if (!opens) return { ...breaker, failures };
  return {
    state: 'open',
    failures,
    openedAt: now,
    retryAt: new Date(now.getTime() + BREAKER_PAUSE_MS),
    trial: null,
  };
}
