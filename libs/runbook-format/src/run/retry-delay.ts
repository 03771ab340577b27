import type { Retries } from '../model/runbook.js';

const LONGEST_MS = 5 * 60_000;

/** Wait before the next try, after `failed` tries have failed (1 or more); null when no try is left. */
export function retryDelayMs(retries: Retries, failed: number): number | null {
  if (failed >= retries.attempts) return null;
  if (retries.backoff === 'fixed') return retries.delayMs;
  return Math.min(retries.delayMs * 2 ** (failed - 1), Math.max(LONGEST_MS, retries.delayMs));
}
