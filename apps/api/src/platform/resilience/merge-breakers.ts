import type { BreakerState, BreakerStatus } from './breaker.js';
import type { BreakerRecord } from './breaker.repository.js';

/** Milliseconds by which a process that lives has said that its open breaker lets a call try. */
const GRACE_MS = 60_000;
const rank: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 };

/**
 * The breakers of all processes, one entry for each name, by the worst of them; `own` are those of this process, of which
 * nothing stored is newer. An open one whose time to try is long past belongs to a process that died.
 */
export function mergeBreakers(
  own: BreakerStatus[],
  stored: BreakerRecord[],
  { instanceId, now }: { instanceId: string; now: Date },
): BreakerStatus[] {
  const isStale = ({ state, retryAt }: BreakerRecord): boolean =>
    state === 'open' && retryAt !== null && retryAt.getTime() + GRACE_MS < now.getTime();
  const others = stored.filter((record) => record.instanceId !== instanceId && !isStale(record));
  const worst = new Map<string, BreakerStatus>();
  for (const { name, state, reason, changedAt, retryAt } of [...own, ...others]) {
    const known = worst.get(name);
    if (known === undefined || rank[state] > rank[known.state]) {
      worst.set(name, { name, state, reason, changedAt, retryAt });
    }
  }
  return [...worst.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
