/** One request that waits for its alerts to be stored. */
export interface WithFingerprints {
  deliveries: readonly { fingerprint: string }[];
}

/**
 * What the next transaction takes from those that wait, oldest first, and what stays. An alert that another transaction
 * holds at the moment (`underWay`), or that stays behind, keeps everything later of itself behind too: the order per
 * alert is the order of arrival. A request of more alerts than the limit goes when it is the
 * first.
 */
export function takeBatch<T extends WithFingerprints>(
  waiting: readonly T[],
  underWay: ReadonlySet<string>,
  limit: { alerts: number; requests: number },
): { batch: T[]; rest: T[] } {
  const batch: T[] = [];
  const rest: T[] = [];
  const behind = new Set<string>();
  let alerts = 0;
  for (const request of waiting) {
    const { deliveries } = request;
    const held = deliveries.some(({ fingerprint }) => underWay.has(fingerprint) || behind.has(fingerprint));
    const tooMany = batch.length > 0 && alerts + deliveries.length > limit.alerts;
    const full = tooMany || batch.length === limit.requests || alerts >= limit.alerts;
    if (held || full) {
      rest.push(request);
      for (const { fingerprint } of deliveries) behind.add(fingerprint);
    } else {
      batch.push(request);
      alerts += deliveries.length;
    }
  }
  return { batch, rest };
}
