import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';

const flags = new Map(
  [
    { key: 'on', enabled: true, percentage: 100 },
    { key: 'off', enabled: false, percentage: 100 },
    { key: 'nobody', enabled: true, percentage: 0 },
    { key: 'some', enabled: true, percentage: 50 },
    { key: 'off for some', enabled: false, percentage: 50 },
  ].map((flag) => [flag.key, flag]),
);
const says = (key: string, caller?: string) => {
  const { value, reason } = evaluate(flags, key, caller);
  return [value, reason];
};

describe('a feature flag (R5.3)', () => {
  it('says whether it is on, and why', () => {
    expect(says('on')).toEqual([true, 'STATIC']);
    expect(says('off')).toEqual([false, 'DISABLED']);
    expect(says('nobody', 'user:1')).toEqual([false, 'STATIC']);
    expect(says('none', 'user:1')).toEqual([null, 'FLAG_NOT_FOUND']);
  });

  it('that some have needs to know who asks, unless it is off for everybody', () => {
    expect(says('some')).toEqual([null, 'TARGETING_KEY_MISSING']);
    expect(says('some', '')).toEqual([null, 'TARGETING_KEY_MISSING']);
    expect(says('off for some')).toEqual([false, 'DISABLED']);
    const answers = Array.from({ length: 50 }, (_, index) => says('some', `user:${index}`)[0]);
    expect(new Set(answers)).toEqual(new Set([true, false]));
  });
});
