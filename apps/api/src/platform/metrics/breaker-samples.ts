import type { BreakerState } from '../resilience/breaker.js';
import { OTHER, type BoundedLabels } from './bounded-labels.js';

export const breakerValue = { closed: 0, half_open: 1, open: 2 } as const satisfies Record<
  BreakerState,
  number
>;

interface BreakerSample {
  labels: { kind: string; name: string };
  value: number;
}

/**
 * Breakers as figures: `llm:openai` is the breaker `openai` of the kind `llm`. Those beyond the number of names that
 * have series of their own are shown together, by the worst of them.
 */
export function breakerSamples(
  breakers: { name: string; state: BreakerState }[],
  names: BoundedLabels,
): BreakerSample[] {
  const worst = new Map<string, BreakerSample>();
  for (const { name, state } of breakers) {
    const colon = name.indexOf(':');
    const kind = colon === -1 ? OTHER : name.slice(0, colon);
    const own = names.of(name);
    const labels = { kind, name: own === OTHER ? OTHER : name.slice(colon + 1) };
    const key = `${kind}:${labels.name}`;
    const value = Math.max(breakerValue[state], worst.get(key)?.value ?? 0);
    worst.set(key, { labels, value });
  }
  return [...worst.values()];
}
