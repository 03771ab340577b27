import { describe, expect, it } from 'vitest';
import { KeyedBudgets } from './keyed-budgets.js';

const budget = { limit: 2, windowMs: 60_000 };

describe('budgets by key', () => {
  it('are each caller’s own', () => {
    const budgets = new KeyedBudgets(budget);
    const admitted = (key: string): boolean => budgets.take(key, 0).admitted;
    expect([admitted('a'), admitted('a'), admitted('a'), admitted('b')]).toEqual([true, true, false, true]);
  });

  it('forget those that are whole again when room is needed, and none that is in debt', () => {
    const budgets = new KeyedBudgets(budget, 3);
    for (const key of ['spent', 'spent', 'once', 'other']) budgets.take(key, 0);
    budgets.take('new', 45_000);
    expect(budgets.size).toBe(2);
    expect(budgets.take('spent', 45_000)).toMatchObject({ admitted: true, remaining: 0 });
    expect(budgets.take('once', 45_000)).toMatchObject({ admitted: true, remaining: 1 });
  });

  it('never remember more callers than there is room for, however many come', () => {
    const budgets = new KeyedBudgets(budget, 100);
    for (let caller = 0; caller < 10_000; caller += 1) {
      expect(budgets.take(`caller ${caller}`, caller / 100).admitted).toBe(true);
    }
    expect(budgets.size).toBe(100);
  });
});
