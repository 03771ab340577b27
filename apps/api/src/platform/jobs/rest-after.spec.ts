import { describe, expect, it } from 'vitest';
import { restAfter } from './rest-after.js';

const gather = { most: 20, restMs: 50 };

describe('the rest of a worker', () => {
  it('is the longer the more jobs came together, up to a limit', () => {
    expect(restAfter(1, gather)).toBe(50);
    expect(restAfter(2, gather)).toBe(100);
    expect(restAfter(3, gather)).toBe(150);
    expect(restAfter(19, gather)).toBe(150);
  });

  it('is left out while more jobs wait than it may take', () => {
    expect(restAfter(20, gather)).toBe(0);
  });

  it('is none for jobs that are done one by one', () => {
    expect(restAfter(1, undefined)).toBe(0);
  });
});
