import { afterEach, describe, expect, it } from 'vitest';
import { ageOf, durationOf, learnServerTime, serverNow } from './clock';

describe('ages and durations', () => {
  it.each([
    [0, '0 s'],
    [-5_000, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 d'],
  ])('%i ms ago is %s', (milliseconds, text) => expect(ageOf(milliseconds)).toBe(text));

  it.each([
    [940, '0.9 s'],
    [9_960, '10 s'],
    [48_000, '48 s'],
    [190_000, '3 min 10 s'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms long is %s', (milliseconds, text) => expect(durationOf(milliseconds)).toBe(text));
});

describe('the time of the engine', () => {
  afterEach(() => learnServerTime(new Date().toUTCString()));

  it('corrects a clock that is off', () => {
    learnServerTime(new Date(Date.now() + 3_600_000).toUTCString());
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000);
  });

  it('is not disturbed by what a header cannot tell: fractions of a second, and no date at all', () => {
    learnServerTime(new Date(Date.now() - 1_000).toUTCString());
    learnServerTime(null);
    learnServerTime('soon');
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(1_000);
  });
});
