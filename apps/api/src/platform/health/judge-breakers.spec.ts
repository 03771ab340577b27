import { describe, expect, it } from 'vitest';
import { judgeBreakers } from './judge-breakers.js';

const wording = { things: 'lamps', withoutAny: 'It is dark.' };
const judge = (names: string[], states: Record<string, 'open' | 'half_open' | 'closed'>) =>
  judgeBreakers(
    names,
    Object.entries(states).map(([name, state]) => ({ name, state })),
    wording,
  );

describe('health by breakers', () => {
  it('is well while none has failed, used or not, and when there is nothing to use', () => {
    expect(judge(['a', 'b'], { a: 'closed' })).toEqual({ condition: 'up' });
    expect(judge([], { a: 'open' })).toEqual({ condition: 'up', detail: 'No lamps are switched on.' });
  });

  it('is degraded while some are away, and down when all are', () => {
    const some = judge(['a', 'b', 'c'], { a: 'open', b: 'half_open' });
    expect(some.condition).toBe('degraded');
    expect(some.detail).toMatch(/^2 of 3 lamps/);
    const all = judge(['a'], { a: 'open' });
    expect(all.condition).toBe('down');
    expect(all.detail).toContain('It is dark.');
  });

  it('does not mind breakers of what is switched off or something else', () => {
    expect(judge(['a'], { b: 'open' })).toEqual({ condition: 'up' });
  });
});
