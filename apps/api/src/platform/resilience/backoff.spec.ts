import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseAfter } from './backoff.js';

const policy = { attempts: 5, baseMs: 100, maxMs: 350 };
const almostOne = 1 - Number.EPSILON;

const policies = fc.record({
  attempts: fc.integer({ min: 1, max: 5000 }),
  baseMs: fc.nat(60_000),
  maxMs: fc.nat(600_000),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('pauseAfter (R4.3)', () => {
  it('doubles from attempt to attempt up to the longest pause, all of it by chance', () => {
    const pauses = (random: number) => [1, 2, 3, 4].map((attempt) => pauseAfter({ attempt, random }, policy));
    expect(pauses(almostOne)).toEqual([99, 199, 349, 349]);
    expect(pauses(0.5)).toEqual([50, 100, 175, 175]);
    expect(pauses(0)).toEqual([0, 0, 0, 0]);
  });

  it('ends after the last attempt', () => {
    expect(pauseAfter({ attempt: 5, random: 0 }, policy)).toBeNull();
    expect(pauseAfter({ attempt: 1, random: 0 }, { ...policy, attempts: 1 })).toBeNull();
  });

  it('leaves the other side alone for as long as it asked, or gives up when that is too long', () => {
    expect(pauseAfter({ attempt: 1, random: 0.5, askedWaitMs: 300 }, policy)).toBe(300);
    expect(pauseAfter({ attempt: 1, random: 0.5, askedWaitMs: 20 }, policy)).toBe(50);
    expect(pauseAfter({ attempt: 1, random: 0.5, askedWaitMs: 351 }, policy)).toBeNull();
  });

  it('is whole, within its bounds and ends, whatever the policy and the dice say', () => {
    fc.assert(
      fc.property(policies, fc.nat(6000), chance, fc.option(fc.nat(700_000)), (any, nth, random, asked) => {
        const attempt = nth + 1;
        const askedWaitMs = asked ?? undefined;
        const pause = pauseAfter({ attempt, random, askedWaitMs }, any);
        if (attempt >= any.attempts) expect(pause).toBeNull();
        if (pause === null) {
          expect(attempt >= any.attempts || (asked ?? 0) > any.maxMs).toBe(true);
          return;
        }
        expect(Number.isInteger(pause)).toBe(true);
        expect(pause).toBeGreaterThanOrEqual(asked ?? 0);
        expect(pause).toBeLessThanOrEqual(any.maxMs);
      }),
    );
  });
});
