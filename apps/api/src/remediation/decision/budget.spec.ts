import { describe, expect, it } from 'vitest';
import { Budget } from './budget.js';

const at = (ms: number): Date => new Date(1_769_860_800_000 + ms);
const taken = (budget: Budget, tries: number, now: Date): number =>
  Array.from({ length: tries }, () => budget.take(now)).filter(Boolean).length;

describe('Budget', () => {
  it('lets a burst through and then one per interval', () => {
    const budget = new Budget(3, 1000);
    expect(taken(budget, 5, at(0))).toBe(3);
    expect(taken(budget, 5, at(999))).toBe(0);
    expect(taken(budget, 5, at(1000))).toBe(1);
    expect(taken(budget, 5, at(3500))).toBe(2);
  });

  it('never saves up more than a burst', () => {
    const budget = new Budget(3, 1000);
    taken(budget, 3, at(0));
    expect(taken(budget, 9, at(3_600_000))).toBe(3);
  });

  it('survives a clock that goes back', () => {
    const budget = new Budget(1, 1000);
    expect(taken(budget, 2, at(5000))).toBe(1);
    expect(taken(budget, 2, at(0))).toBe(0);
    expect(taken(budget, 2, at(6000))).toBe(1);
  });
});
