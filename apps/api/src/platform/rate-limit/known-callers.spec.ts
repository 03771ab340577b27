import { describe, expect, it } from 'vitest';
import { KnownCallers } from './known-callers.js';

describe('known callers', () => {
  it('are those whose credential was found good within the last minute', () => {
    const callers = new KnownCallers();
    expect(callers.find('Bearer a', 0)).toBeNull();
    callers.learn('Bearer a', 'user:1', 0);
    expect(callers.find('Bearer a', 59_999)).toBe('user:1');
    expect(callers.find('Bearer b', 1)).toBeNull();
    expect(callers.find('Bearer a', 60_000)).toBeNull();
  });

  it('are forgotten, the oldest first, when there are too many', () => {
    const callers = new KnownCallers(2);
    callers.learn('a', 'user:1', 0);
    callers.learn('b', 'user:2', 1);
    callers.learn('a', 'user:1', 2);
    callers.learn('c', 'user:3', 3);
    expect(callers.size).toBe(2);
    expect(['a', 'b', 'c'].map((credential) => callers.find(credential, 4))).toEqual([
      'user:1',
      null,
      'user:3',
    ]);
  });
});
