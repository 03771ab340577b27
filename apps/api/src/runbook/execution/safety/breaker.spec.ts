import { describe, expect, it } from 'vitest';
import { admitAutomatic, afterRun, BREAKER_PAUSE_MS, closedBreaker, type RunbookBreaker } from './breaker.js';
import { limitReached } from './limits.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = new Date(now.getTime() + BREAKER_PAUSE_MS);
const fail = (breaker: RunbookBreaker, id = 'x') => afterRun(breaker, id, 'failure', now);

describe('the circuit breaker of a runbook', () => {
  const open = fail(fail(fail(closedBreaker)));

  it('opens at the third failure in a row, and a success starts the count again', () => {
    expect(fail(fail(closedBreaker)).state).toBe('closed');
    expect(open).toMatchObject({ state: 'open', retryAt: later });
    expect(afterRun(fail(fail(closedBreaker)), 'x', 'success', now)).toEqual(closedBreaker);
  });

  it('refuses until the pause is over, then lets exactly one trial through', () => {
    expect(admitAutomatic(open, 'a', now).admitted).toBe(false);
    const admission = admitAutomatic(open, 'a', later);
    if (!admission.admitted) throw new Error('the trial was refused');
    expect(admission.breaker).toMatchObject({ state: 'half_open', trial: 'a' });
    expect(admitAutomatic(admission.breaker, 'b', later).admitted).toBe(false);
    expect(afterRun(admission.breaker, 'a', 'success', later)).toEqual(closedBreaker);
    expect(fail(admission.breaker, 'a')).toMatchObject({ state: 'open', trial: null });
  });

  it('lets another trial through when the trial proved nothing', () => {
    const admission = admitAutomatic(open, 'a', later);
    if (!admission.admitted) throw new Error('the trial was refused');
    const next = afterRun(admission.breaker, 'a', 'neither', later);
    expect(admitAutomatic(next, 'b', later).admitted).toBe(true);
  });

  it('stays open for the failure of somebody who ran it by hand', () => {
    expect(fail(open, 'by-hand')).toMatchObject({ state: 'open', retryAt: open.retryAt, failures: 4 });
  });
});

describe('the limits of a runbook', () => {
  const facts = { cooldownMs: 600_000, maxPerHour: 2, lastRun: undefined, startedLastHour: 0 };
  it('let the first run through and hold the cooldown to the millisecond', () => {
    expect(limitReached(facts, now)).toBeNull();
    const lastRun = { finishedAt: new Date(now.getTime() - 599_999), targetName: 'web-1' };
    expect(limitReached({ ...facts, lastRun }, now)).toMatch(/on web-1.*cooldown of 10m/);
    expect(
      limitReached({ ...facts, lastRun: { ...lastRun, finishedAt: new Date(now.getTime() - 600_000) } }, now),
    ).toBeNull();
    expect(limitReached({ ...facts, lastRun: { ...lastRun, finishedAt: null } }, now)).toMatch(
      /is running on web-1/,
    );
  });

  it('hold the hourly cap', () => {
    expect(limitReached({ ...facts, startedLastHour: 1 }, now)).toBeNull();
    expect(limitReached({ ...facts, startedLastHour: 2 }, now)).toMatch(/2 is the most/);
  });
});
