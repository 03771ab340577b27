import { describe, expect, it } from 'vitest';
import { reachText } from './flag-words';

describe('for whom a flag is on', () => {
  it.each([
    [false, 100, 'nobody'],
    [false, 30, 'nobody'],
    [true, 0, 'nobody'],
    [true, 1, '1 % of all'],
    [true, 99, '99 % of all'],
    [true, 100, 'everybody'],
  ])('when enabled is %s at %s %%: %s', (enabled, percentage, words) => {
    expect(reachText({ enabled, percentage })).toBe(words);
  });
});
