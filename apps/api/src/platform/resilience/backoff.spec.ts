import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from './backoff.js';

describe('backoffDelay', () => {
  it('doubles from attempt to attempt, half of it by chance', () => {
    const options = { baseMs: 100, maxMs: 10_000, kind: 'exponential' as const };
    expect([1, 2, 3, 4].map((attempt) => backoffDelay(attempt, options, 0))).toEqual([50, 100, 200, 400]);
    expect([1, 2, 3, 4].map((attempt) => backoffDelay(attempt, options, 1))).toEqual([100, 200, 400, 800]);
  });

  it('stays within its bounds however often and whatever the dice say', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(60_000),
        fc.nat(600_000),
        random,
        (attempt, baseMs, maxMs, dice) => {
          for (const kind of ['fixed', 'exponential'] as const) {
            const delay = backoffDelay(attempt, { baseMs, maxMs, kind }, dice);
            expect(delay).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThanOrEqual(maxMs);
          }
        },
      ),
    );
  });
});
