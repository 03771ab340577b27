/** How often and with which pauses something is tried again. */
export interface BackoffOptions {
  baseMs: number;
  maxMs: number;
  kind: 'fixed' | 'exponential';
}

/** Far beyond any `maxMs`, and short of infinity, of which zero times would be no number. */
const MAX_DOUBLINGS = 60;

/**
 * Pause before attempt `attempt + 1`, in milliseconds. Exponential pauses carry "equal jitter": half fixed, half
 * random, so that many callers do not come back at the same instant. `random` is in [0, 1).
 */
export function backoffDelay(attempt: number, options: BackoffOptions, random: number): number {
  if (options.kind === 'fixed') return Math.min(options.baseMs, options.maxMs);
  const full = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt - 1, MAX_DOUBLINGS));
  return Math.round(full / 2 + (full / 2) * random);
}
