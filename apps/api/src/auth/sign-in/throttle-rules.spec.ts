import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attempt,
  policies,
  waitAfter,
  withoutOne,
  type Attempts,
  type ThrottlePolicy,
} from './throttle-rules.js';

const start = Date.UTC(2026, 0, 1);
const policy: ThrottlePolicy = { free: 3, firstMs: 1000, mostMs: 8000, forgetMs: 60_000 };

/** Tries as often as is allowed, with these pauses more. @returns the times of the attempts that were admitted */
function guess(pauses: number[], rules: ThrottlePolicy): number[] {
  let now = start;
  let state: Attempts | null = null;
  const admitted: number[] = [];
  for (const pause of pauses) {
    now += pause;
    const judged = attempt(state, new Date(now), rules);
    if (!judged.admitted) now = judged.openAt.getTime();
    const done = attempt(state, new Date(now), rules);
    if (!done.admitted) throw new Error('the wait was over');
    state = done.after;
    admitted.push(now);
  }
  return admitted;
}

describe('attempts to sign in', () => {
  it('wait for nothing at first, then twice as long each time, up to a limit', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((count) => waitAfter(count, policy));
    expect(waits).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('are refused until the wait is over, and asking does not prolong it', () => {
    let state: Attempts | null = null;
    for (let count = 0; count < 4; count += 1) {
      const judged = attempt(state, new Date(start), policy);
      if (!judged.admitted) throw new Error('refused too early');
      state = judged.after;
    }
    for (const ms of [0, 500, 999]) {
      const judged = attempt(state, new Date(start + ms), policy);
      expect(judged).toEqual({ admitted: false, openAt: new Date(start + 1000) });
    }
    expect(attempt(state, new Date(start + 1000), policy).admitted).toBe(true);
  });

  it('are forgotten after a time without any', () => {
    const worst: Attempts = { count: 50, lastAt: new Date(start), openAt: new Date(start + 8000) };
    const judged = attempt(worst, new Date(start + 60_000), policy);
    expect(judged).toMatchObject({ admitted: true, after: { count: 1 } });
  });

  it('never wait longer than the limit, however they are made', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pauses, fc.constantFrom(...Object.values(policies)), (given, rules) => {
        const times = guess(given, rules);
        for (const [index, at] of times.entries()) {
          const before = times[index - 1] ?? start;
          expect(at - before).toBeLessThanOrEqual((given[index] ?? 0) + rules.mostMs);
        }
      }),
    );
  });

  it('are no more than about a hundred a day at one password from one address, however patient the guesser', () => {
    const day = guess(new Array<number>(200).fill(0), policies.pair).filter(
      (at) => at < start + 24 * 3_600_000,
    );
    // NIST SP 800-63B, 3.2.2, allows a hundred in a row.
    expect(day.length).toBeLessThan(120);
  });

  it('of an address are not made good by one that succeeds', () => {
    const before: Attempts = { count: 60, lastAt: new Date(start), openAt: new Date(start) };
    const judged = attempt(before, new Date(start), policies.address);
    if (!judged.admitted) throw new Error('refused');
    const left = withoutOne(judged.after);
    expect(left.count).toBe(60);
    const next = attempt(left, new Date(start), policies.address);
    expect(next).toMatchObject({
      admitted: true,
      after: { openAt: new Date(start + policies.address.mostMs) },
    });
  });
});
