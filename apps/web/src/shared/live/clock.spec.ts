import { describe, expect, it } from 'vitest';
import { ageOf, durationOf } from './clock';

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
    [48_000, '48 s'],
    [190_000, '3 min 10 s'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms long is %s', (milliseconds, text) => expect(durationOf(milliseconds)).toBe(text));
});
