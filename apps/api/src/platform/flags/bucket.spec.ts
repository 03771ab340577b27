import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, isIncluded } from './bucket.js';

const CALLERS = 10_000;
const share = (holds: (caller: string) => boolean): number =>
  Array.from({ length: CALLERS }, (_, index) => `user:${index}`).filter(holds).length / CALLERS;
const key = fc.string({ minLength: 1, maxLength: 30 });
const percentage = fc.integer({ min: 0, max: 100 });

describe('the share of callers that have a flag (R5.3)', () => {
  it('is nobody at 0 and everybody at 100', () => {
    fc.assert(
      fc.property(key, key, (flag, caller) => {
        expect(isIncluded(flag, caller, 0)).toBe(false);
        expect(isIncluded(flag, caller, 100)).toBe(true);
      }),
    );
  });

  it('is the same for a caller every time, and kept when the percentage grows', () => {
    fc.assert(
      fc.property(key, key, percentage, percentage, (flag, caller, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(isIncluded(flag, caller, less)).toBe(isIncluded(flag, caller, less));
        if (isIncluded(flag, caller, less)) expect(isIncluded(flag, caller, more)).toBe(true);
      }),
    );
  });

  it('is as large as the percentage says', () => {
    fc.assert(
      fc.property(key, percentage, (flag, percent) => {
        // Six standard deviations at most: a fair hash stays within them.
        const found = share((caller) => isIncluded(flag, caller, percent));
        expect(Math.abs(found - percent / 100)).toBeLessThan(0.03);
      }),
      { numRuns: 10 },
    );
  });

  it('spreads evenly over all buckets', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < CALLERS; index += 1) {
      const tenth = Math.floor(bucketOf('flag', `user:${index}`) / 1000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - CALLERS / 10)).toBeLessThan(180);
  });

  it('is not made of the same callers for another flag', () => {
    const both = share((caller) => isIncluded('one', caller, 50) && isIncluded('other', caller, 50));
    expect(Math.abs(both - 0.25)).toBeLessThan(0.03);
  });

  it('tells apart keys that read the same when they are put together', () => {
    const apart = share((caller) => bucketOf('a', `b${caller}`) !== bucketOf('ab', caller));
    expect(apart).toBeGreaterThan(0.99);
  });
});
