import { describe, expect, it } from 'vitest';
import { waitBefore } from './connect';

describe('the wait before the next try', () => {
  it('doubles up to half a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => waitBefore(attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  it('is spread over half of it, and is never nothing', () => {
    expect(waitBefore(0, 0)).toBe(500);
    expect(waitBefore(9, 0)).toBe(15_000);
  });
});
