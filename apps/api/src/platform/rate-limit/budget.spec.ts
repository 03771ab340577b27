import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { take, type Budget, type BudgetState } from './budget.js';

const budgets: fc.Arbitrary<Budget> = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(3_000, 1_200_000)),
  windowMs: fc.constantFrom(1_000, 60_000),
});
/** Milliseconds between one request and the next. */
const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5_000, noNaN: true })), {
  maxLength: 200,
});
const start = fc.double({ min: 0, max: 1e10, noNaN: true });

/** Sends requests at these times. @returns when the admitted ones came. */
function admittedTimes(budget: Budget, from: number, between: number[]): number[] {
  let state: BudgetState | undefined;
  let now = from;
  return between.flatMap((gap) => {
    now += gap;
    const taken = take(state, now, budget);
    state = taken.state;
    return taken.admitted ? [now] : [];
  });
}

describe('a budget', () => {
  it('is there at once, and then comes back evenly', () => {
    const budget = { limit: 3, windowMs: 3_000 };
    let state: BudgetState | undefined;
    const at = (now: number) => {
      const taken = take(state, now, budget);
      state = taken.state;
      return [taken.admitted, taken.remaining, taken.resetMs, taken.retryAfterMs];
    };
    expect(at(0)).toEqual([true, 2, 1_000, 0]);
    expect(at(0)).toEqual([true, 1, 2_000, 0]);
    expect(at(0)).toEqual([true, 0, 3_000, 1_000]);
    expect(at(0)).toEqual([false, 0, 3_000, 1_000]);
    expect(at(900)).toEqual([false, 0, 2_100, 100]);
    expect(at(1_000)).toEqual([true, 0, 3_000, 1_000]);
    expect(at(10_000)).toEqual([true, 2, 1_000, 0]);
  });

  it('admits in no stretch of time more than the limit and what came back meanwhile', () => {
    fc.assert(
      fc.property(budgets, start, gaps, (budget, from, between) => {
        const times = admittedTimes(budget, from, between);
        for (const [first, begin] of times.entries()) {
          for (const [last, end] of times.entries()) {
            if (last < first) continue;
            const most = budget.limit + ((end - begin) * budget.limit) / budget.windowMs;
            expect(last - first + 1).toBeLessThanOrEqual(most + 0.01);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('says truly how many requests remain', () => {
    const small = fc.record({ limit: fc.integer({ min: 1, max: 50 }), windowMs: fc.constant(60_000) });
    fc.assert(
      fc.property(small, start, gaps, (budget, from, between) => {
        let state: BudgetState | undefined;
        let now = from;
        for (const gap of between) {
          now += gap;
          state = take(state, now, budget).state;
        }
        const { remaining, state: present } = take(state, now, budget);
        let rest: BudgetState = present;
        for (let count = 0; count < remaining; count += 1) {
          const taken = take(rest, now, budget);
          expect(taken.admitted).toBe(true);
          rest = taken.state;
        }
        expect(take(rest, now, budget).admitted).toBe(false);
      }),
    );
  });

  it('admits again after the wait it names, not before, and is whole after its reset', () => {
    fc.assert(
      fc.property(budgets, start, (budget, now) => {
        const spent = now + budget.windowMs;
        const refused = take(spent, now, budget);
        expect(refused).toMatchObject({ admitted: false, state: spent, remaining: 0 });
        expect(take(spent, now + refused.retryAfterMs, budget).admitted).toBe(true);
        expect(take(spent, now + refused.retryAfterMs * 0.99, budget).admitted).toBe(false);
        expect(take(spent, now + refused.resetMs, budget).remaining).toBe(budget.limit - 1);
      }),
    );
  });

  it('makes nobody wait longer for having asked too often', () => {
    fc.assert(
      fc.property(budgets, start, fc.integer({ min: 1, max: 100 }), (budget, now, times) => {
        let state: BudgetState = now + budget.windowMs;
        for (let count = 0; count < times; count += 1) state = take(state, now, budget).state;
        expect(state).toBe(now + budget.windowMs);
      }),
    );
  });
});
