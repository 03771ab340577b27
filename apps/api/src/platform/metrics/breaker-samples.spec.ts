import { describe, expect, it } from 'vitest';
import { BoundedLabels } from './bounded-labels.js';
import { breakerSamples } from './breaker-samples.js';

describe('labels', () => {
  it('keep the first values and put all later ones together', () => {
    const labels = new BoundedLabels(2);
    expect(['a', 'b', 'c', 'a', 'd'].map((value) => labels.of(value))).toEqual([
      'a',
      'b',
      'other',
      'a',
      'other',
    ]);
  });

  it('show breakers beyond their number by the worst of each kind', () => {
    const breakers = [
      { name: 'llm:a', state: 'closed' },
      { name: 'target:b', state: 'open' },
      { name: 'target:c', state: 'half_open' },
      { name: 'target:d', state: 'closed' },
    ] as const;
    expect(breakerSamples([...breakers], new BoundedLabels(1))).toEqual([
      { labels: { kind: 'llm', name: 'a' }, value: 0 },
      { labels: { kind: 'target', name: 'other' }, value: 2 },
    ]);
  });

  it('split a name at its first colon', () => {
    expect(breakerSamples([{ name: 'target:[::1]:22', state: 'open' }], new BoundedLabels(9))).toEqual([
      { labels: { kind: 'target', name: '[::1]:22' }, value: 2 },
    ]);
  });
});
