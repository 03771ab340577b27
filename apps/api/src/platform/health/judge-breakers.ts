import type { BreakerStatus } from '../resilience/breaker.js';
import type { Finding } from './health-checks.js';

interface Wording {
  /** What the breakers are around, in the plural: `model providers`. */
  things: string;
  /** What it means when all of them are away, as a sentence. */
  withoutAny: string;
}

/**
 * How things outside are by their breakers, so that nothing is called, and paid, for it. One whose breaker is half open
 * counts as away: nobody has seen it answer since it failed.
 */
export function judgeBreakers(
  names: readonly string[],
  breakers: readonly Pick<BreakerStatus, 'name' | 'state'>[],
  { things, withoutAny }: Wording,
): Finding {
  if (names.length === 0) return { condition: 'up', detail: `No ${things} are switched on.` };
  const failing = new Set(breakers.filter(({ state }) => state !== 'closed').map(({ name }) => name));
  const away = names.filter((name) => failing.has(name)).length;
  if (away === 0) return { condition: 'up' };
  const detail = `${away} of ${names.length} ${things} failed repeatedly; calls to them are paused for short whiles.`;
  return away < names.length
    ? { condition: 'degraded', detail }
    : { condition: 'down', detail: `${detail} ${withoutAny}` };
}
