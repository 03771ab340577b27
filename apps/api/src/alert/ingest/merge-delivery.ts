import type { Delivery, Episode } from './delivery.js';

/** What a delivery does to the alert of its fingerprint. */
export type MergeKind =
  /** A new episode begins. */
  | 'opened'
  /** A new episode is stored that was over before we heard of it: nobody is to be called. */
  | 'recorded'
  /** The resolved episode fires again within the reopen window. */
  | 'reopened'
  | 'resolved'
  /** Still fires, with other annotations, severity or group. */
  | 'updated'
  /** Still fires, nothing new: the normal case. */
  | 'repeated'
  /** Resolved before and still is. */
  | 'confirmed';

/** A line for the timeline; how an episode began is not among them, the episode itself tells that. */
export interface MergeLine {
  kind: 'reopened' | 'resolved' | 'severity_changed' | 'truncated';
  summary: string;
  details: Record<string, unknown>;
}

export interface MergeDecision {
  kind: MergeKind;
  /** Whether `next` is a new episode and not the one that was given. */
  isNew: boolean;
  next: Episode;
  /** Whether the content of the delivery replaces the stored one. */
  replacesContent: boolean;
  lines: MergeLine[];
}

export interface MergeSettings {
  /** A resolved alert that fires again within this time is the same episode, in milliseconds. */
  reopenWindowMs: number;
}

/** A delivery with the digest of its content, by which a repeat is told from an update. */
export type HashedDelivery = Delivery & { contentHash: string };

const earlier = (a: Date, b: Date): Date => (a <= b ? a : b);
const later = (a: Date, b: Date): Date => (a >= b ? a : b);

/**
 * What one delivery does, after Alertmanager's rules: one open alert per fingerprint; a delivery for it updates it;
 * after its resolution the next firing one opens another episode, or reopens the last one within the window.
 * `open` is the open episode of the fingerprint, `lastResolved` its newest resolved one.
 */
export function mergeDelivery(
  open: Episode | null,
  lastResolved: Episode | null,
  delivery: HashedDelivery,
  now: Date,
  settings: MergeSettings,
): MergeDecision {
  if (open !== null)
    return delivery.status === 'firing' ? repeat(open, delivery, now) : resolve(open, delivery, now);
  if (delivery.status === 'resolved') {
    if (lastResolved === null || isLaterEpisode(lastResolved, delivery)) return record(delivery, now);
    return confirm(lastResolved, delivery, now);
  }
  const resolvedAt = lastResolved?.resolvedAt ?? null;
  if (lastResolved === null || resolvedAt === null) return begin(delivery, now);
  if (now.getTime() - resolvedAt.getTime() > settings.reopenWindowMs) return begin(delivery, now);
  return reopen(lastResolved, resolvedAt, delivery, now);
}

function begin(delivery: HashedDelivery, now: Date): MergeDecision {
  const next: Episode = { ...newEpisode(delivery, now), ...expiry(null, delivery, now) };
  return { kind: 'opened', isNew: true, next, replacesContent: true, lines: truncation(0, delivery) };
}

function record(delivery: HashedDelivery, now: Date): MergeDecision {
  const next: Episode = { ...newEpisode(delivery, now), ...resolution(delivery, now) };
  return { kind: 'recorded', isNew: true, next, replacesContent: true, lines: [] };
}

function repeat(open: Episode, delivery: HashedDelivery, now: Date): MergeDecision {
  const changed = open.contentHash !== delivery.contentHash;
  const next: Episode = {
    ...open,
    ...(changed ? contentOf(delivery) : {}),
    ...expiry(open, delivery, now),
    startsAt: earlier(open.startsAt, delivery.startsAt),
    lastReceivedAt: later(open.lastReceivedAt, now),
    occurrences: open.occurrences + 1,
  };
  const lines = changed
    ? [...severityChange(open, delivery), ...truncation(open.truncatedAlerts, delivery)]
    : [];
  return { kind: changed ? 'updated' : 'repeated', isNew: false, next, replacesContent: changed, lines };
}

function resolve(open: Episode, delivery: HashedDelivery, now: Date): MergeDecision {
  const startsAt = earlier(open.startsAt, delivery.startsAt);
  const changed = open.contentHash !== delivery.contentHash;
  const next: Episode = {
    ...open,
    ...(changed ? contentOf(delivery) : {}),
    startsAt,
    lastReceivedAt: later(open.lastReceivedAt, now),
    ...resolution(delivery, now),
  };
  const lines: MergeLine[] = [
    { kind: 'resolved', summary: `Resolved, reported by ${delivery.source}`, details: {} },
  ];
  return { kind: 'resolved', isNew: false, next, replacesContent: changed, lines };
}

/** Somebody acknowledged what was over; what fires now needs eyes again, so the acknowledgement goes. */
function reopen(last: Episode, resolvedAt: Date, delivery: HashedDelivery, now: Date): MergeDecision {
  const next: Episode = {
    ...last,
    ...contentOf(delivery),
    ...expiry(null, delivery, now),
    status: 'firing',
    startsAt: earlier(last.startsAt, delivery.startsAt),
    lastReceivedAt: later(last.lastReceivedAt, now),
    occurrences: last.occurrences + 1,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
  };
  const seconds = Math.max(0, Math.round((now.getTime() - resolvedAt.getTime()) / 1000));
  const summary = `Fires again ${seconds} s after it was resolved; it counts as the same episode`;
  const lines: MergeLine[] = [
    { kind: 'reopened', summary, details: { resolved_at: resolvedAt.toISOString() } },
    ...truncation(last.truncatedAlerts, delivery),
  ];
  return {
    kind: 'reopened',
    isNew: false,
    next,
    replacesContent: last.contentHash !== delivery.contentHash,
    lines,
  };
}

/** Senders repeat a resolution for a while. The latest end counts; how the episode ended stays as it was. */
function confirm(last: Episode, delivery: HashedDelivery, now: Date): MergeDecision {
  const endsAt =
    delivery.endsAt === null ? last.endsAt : later(last.endsAt ?? delivery.endsAt, delivery.endsAt);
  const next: Episode = {
    ...last,
    startsAt: earlier(last.startsAt, delivery.startsAt),
    endsAt,
    lastReceivedAt: later(last.lastReceivedAt, now),
  };
  return { kind: 'confirmed', isNew: false, next, replacesContent: false, lines: [] };
}

/** Whether a resolution is of an episode that began after the last known one was over. */
function isLaterEpisode(last: Episode, delivery: Delivery): boolean {
  const over = last.endsAt ?? last.resolvedAt;
  return delivery.startsAtStated && over !== null && delivery.startsAt > over;
}

function newEpisode(delivery: HashedDelivery, now: Date): Episode {
  return {
    ...contentOf(delivery),
    status: 'firing',
    startsAt: delivery.startsAt,
    endsAt: null,
    lastReceivedAt: now,
    occurrences: 1,
    expiresAt: null,
    expiryIsTimeout: false,
    checkAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
  };
}

const contentOf = (delivery: HashedDelivery) => ({
  severity: delivery.severity,
  truncatedAlerts: delivery.truncatedAlerts,
  contentHash: delivery.contentHash,
});

/** The end of an episode: when the sender says it ended, yet not before it began nor in the future. */
function resolution(delivery: Delivery, now: Date) {
  const endsAt = later(delivery.endsAt ?? now, delivery.startsAt);
  const resolvedAt = earlier(endsAt, now);
  return {
    status: 'resolved' as const,
    endsAt,
    resolvedAt,
    expiresAt: null,
    expiryIsTimeout: false,
    checkAt: null,
  };
}

/** Until when a firing alert is believed. An end that a sender named outlives an earlier one and any timeout. */
function expiry(open: Episode | null, delivery: Delivery, now: Date) {
  const timeout = delivery.resolveAfterMs === null ? null : new Date(now.getTime() + delivery.resolveAfterMs);
  const said = {
    endsAt: delivery.endsAt,
    expiresAt: delivery.endsAt ?? timeout,
    expiryIsTimeout: delivery.endsAt === null,
  };
  const known = open === null || open.expiryIsTimeout ? null : open.expiresAt;
  const chosen =
    known !== null && said.expiresAt !== null && known > said.expiresAt
      ? { endsAt: open?.endsAt ?? null, expiresAt: known, expiryIsTimeout: false }
      : said;
  return { ...chosen, checkAt: nextCheck(open?.checkAt ?? null, chosen.expiresAt) };
}

/** The check may come too early, which costs one look, but never too late; so repeats mostly leave it alone. */
function nextCheck(planned: Date | null, expiresAt: Date | null): Date | null {
  if (planned === null || expiresAt === null) return planned ?? expiresAt;
  return earlier(planned, expiresAt);
}

function severityChange(open: Episode, delivery: Delivery): MergeLine[] {
  if (open.severity === delivery.severity) return [];
  const details = { from: open.severity, to: delivery.severity };
  return [
    { kind: 'severity_changed', summary: `Severity went from ${details.from} to ${details.to}`, details },
  ];
}

function truncation(before: number, delivery: Delivery): MergeLine[] {
  const count = delivery.truncatedAlerts;
  if (count === 0 || count === before) return [];
  const summary = `${delivery.source} left ${count} more ${count === 1 ? 'alert' : 'alerts'} of this group out of its message`;
  return [{ kind: 'truncated', summary, details: { truncated_alerts: count } }];
}
