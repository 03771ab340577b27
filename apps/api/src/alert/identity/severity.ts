import type { Severity } from '@aiops/contracts';

const known: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  error: 'high',
  high: 'high',
  major: 'high',
  warning: 'warning',
  minor: 'warning',
};

/** Rank by which severities are sorted: never from A to Z. */
export const severityRank: Readonly<Record<Severity, number>> = { critical: 4, high: 3, warning: 2, info: 1 };

/** Our four severities for what senders call theirs, whatever the case; `info` for a word we do not know. */
export function toSeverity(word: string | undefined): Severity {
  return (word === undefined ? undefined : known[word.trim().toLowerCase()]) ?? 'info';
}
