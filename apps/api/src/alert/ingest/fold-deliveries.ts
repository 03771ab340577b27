import { hash } from 'node:crypto';
import type { AlertChange } from '@aiops/contracts';
import type { Delivery, Episode } from './delivery.js';
import { mergeDelivery, type MergeKind, type MergeLine, type MergeSettings } from './merge-delivery.js';

/** The newest episode of a fingerprint as it is stored. */
export interface StoredEpisode extends Episode {
  id: string;
  fingerprint: string;
}

/** An episode after all deliveries of a batch, and what is to be stored for it. */
export interface FoldedEpisode {
  id: string;
  fingerprint: string;
  /** How a new episode begins; null for one that is stored already. */
  firstStatus: Episode['status'] | null;
  episode: Episode;
  /** The delivery whose content replaces the stored one; null when nothing of it changed. */
  content: Delivery | null;
  lines: (MergeLine & { source: string })[];
  changes: AlertChange['kind'][];
}

const changeOf: Record<MergeKind, AlertChange['kind'] | null> = {
  opened: 'opened',
  // Not `opened`: an alert that was over before we heard of it must start nothing.
  recorded: 'updated',
  reopened: 'reopened',
  resolved: 'resolved',
  updated: 'updated',
  repeated: 'repeated',
  confirmed: null,
};

/** Digest of all that a delivery may change of an alert without making it another one. */
export function contentHashOf(delivery: Delivery): string {
  const { alertName, severity, labels, annotations, generatorUrl, extras, truncatedAlerts } = delivery;
  return hash(
    'sha1',
    JSON.stringify([alertName, severity, labels, annotations, generatorUrl, extras, truncatedAlerts]),
    'base64',
  );
}

/**
 * Merges the deliveries of a batch, in the order in which they came, into the stored episodes: at most one row to
 * insert or update per episode, however often the batch names it.
 */
export function foldDeliveries(
  deliveries: readonly Delivery[],
  stored: readonly StoredEpisode[],
  now: Date,
  settings: MergeSettings,
  newId: () => string,
): FoldedEpisode[] {
  const latest = new Map<string, FoldedEpisode>();
  const results = new Set<FoldedEpisode>();
  for (const { id, fingerprint, ...episode } of stored) {
    latest.set(fingerprint, {
      id,
      fingerprint,
      firstStatus: null,
      episode,
      content: null,
      lines: [],
      changes: [],
    });
  }
  for (const delivery of deliveries) {
    const known = latest.get(delivery.fingerprint);
    const isOpen = known !== undefined && known.episode.status !== 'resolved';
    const decision = mergeDelivery(
      isOpen ? known.episode : null,
      isOpen ? null : (known?.episode ?? null),
      { ...delivery, contentHash: contentHashOf(delivery) },
      now,
      settings,
    );
    const target: FoldedEpisode =
      known === undefined || decision.isNew
        ? {
            id: newId(),
            fingerprint: delivery.fingerprint,
            firstStatus: decision.next.status,
            episode: decision.next,
            content: delivery,
            lines: [],
            changes: [],
          }
        : known;
    target.episode = decision.next;
    if (decision.replacesContent) target.content = delivery;
    for (const line of decision.lines) target.lines.push({ ...line, source: delivery.source });
    addChange(target.changes, changeOf[decision.kind]);
    latest.set(delivery.fingerprint, target);
    results.add(target);
  }
  return [...results];
}

/** Transitions are all told, in order; that an alert also repeated or changed its text is told once, if nothing else is. */
function addChange(changes: AlertChange['kind'][], change: AlertChange['kind'] | null): void {
  if (change === null) return;
  const minor = change === 'repeated' || change === 'updated';
  if (!minor) {
    const last = changes.at(-1);
    if (last === 'repeated' || last === 'updated') changes.pop();
    changes.push(change);
    return;
  }
  if (changes.length === 0) changes.push(change);
  else if (change === 'updated' && changes.at(-1) === 'repeated') changes[changes.length - 1] = 'updated';
}
