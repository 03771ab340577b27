import { describe, expect, it } from 'vitest';
import type { BreakerStatus } from './breaker.js';
import type { BreakerRecord } from './breaker.repository.js';
import { mergeBreakers } from './merge-breakers.js';

const now = new Date('2026-03-01T12:00:00Z');
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const at = { instanceId: 'me', now };

const breaker = (name: string, over: Partial<BreakerStatus> = {}): BreakerStatus => ({
  name,
  state: 'closed',
  reason: null,
  changedAt: secondsAgo(10),
  retryAt: null,
  ...over,
});
const stored = (instanceId: string, status: BreakerStatus): BreakerRecord => ({ ...status, instanceId });
const states = (breakers: BreakerStatus[]) => breakers.map(({ name, state }) => `${name} ${state}`);

describe('mergeBreakers', () => {
  it('shows each breaker once, as the worst process has it, by name', () => {
    const open = breaker('llm:b', { state: 'open', retryAt: secondsAgo(-10), reason: 'refused' });
    const merged = mergeBreakers(
      [breaker('llm:b'), breaker('llm:a')],
      [stored('worker', open), stored('other', breaker('llm:b', { state: 'half_open' }))],
      at,
    );
    expect(states(merged)).toEqual(['llm:a closed', 'llm:b open']);
    expect(merged[1]).toEqual(open);
  });

  it('believes this process rather than what it once wrote', () => {
    const merged = mergeBreakers([breaker('a')], [stored('me', breaker('a', { state: 'open' }))], at);
    expect(states(merged)).toEqual(['a closed']);
  });

  it('leaves out the open breaker of a process that died', () => {
    const dead = breaker('a', { state: 'open', retryAt: secondsAgo(61) });
    const living = breaker('b', { state: 'open', retryAt: secondsAgo(59) });
    expect(states(mergeBreakers([], [stored('x', dead), stored('x', living)], at))).toEqual(['b open']);
  });
});
