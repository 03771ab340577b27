/** How much a caller may do: `limit` requests at once, and as many again in each `windowMs` after that. */
export interface Budget {
  limit: number;
  windowMs: number;
}

/**
 * What is kept of one caller: the time, on the clock of `now`, at which its budget is whole again. A time that has
 * passed says the same as nothing at all, so that such a caller may be forgotten.
 */
export type BudgetState = number;

/** What one request found. */
export interface Taken {
  admitted: boolean;
  state: BudgetState;
  /** Requests that would be admitted after this one, at once. */
  remaining: number;
  /** Milliseconds until the budget is whole again. */
  resetMs: number;
  /** Milliseconds until the next request would be admitted; 0 while some remain. */
  retryAfterMs: number;
}

/** Of one request: what is missing through the rounding of times is no request that is missing. */
const ROUNDING = 1e-4;

/**
 * Takes one request out of a budget, by the generic cell rate algorithm (ITU-T I.371): the same as a bucket of `limit`
 * tokens that fills evenly, in one number. A refused request costs nothing, so that asking again does not prolong the
 * wait. `now` is in milliseconds of a clock that never goes back.
 */
export function take(state: BudgetState | undefined, now: number, { limit, windowMs }: Budget): Taken {
  const interval = windowMs / limit;
  const wholeAt = Math.max(state ?? now, now);
  const left = limit - (wholeAt - now) / interval + ROUNDING;
  const admitted = left >= 1;
  const after = admitted ? wholeAt + interval : wholeAt;
  const remaining = Math.max(0, Math.floor(admitted ? left - 1 : left));
  return {
    admitted,
    state: after,
    remaining,
    resetMs: after - now,
    retryAfterMs: remaining > 0 ? 0 : Math.max(0, after - now - windowMs + interval),
  };
}
