import { createHash } from 'node:crypto';

/** An entry in the words of the database, which are what is hashed: times and JSON as text, as they are stored. */
export interface ChainedEntry {
  position: string;
  previous_hash: string;
  hash: string;
  id: string;
  /** RFC 3339 in UTC with six digits after the point. */
  occurred_at: string;
  action: string;
  outcome: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  subject_kind: string;
  subject_id: string | null;
  subject_name: string | null;
  reason: string | null;
  before: string | null;
  after: string | null;
  remote_address: string | null;
  user_agent: string | null;
  trace_id: string | null;
}

const VERSION = 'aiops-audit-1';

/** In this order, which is part of the form. */
export const hashedFields = [
  'position',
  'previous_hash',
  'id',
  'occurred_at',
  'action',
  'outcome',
  'actor_kind',
  'actor_id',
  'actor_name',
  'subject_kind',
  'subject_id',
  'subject_name',
  'reason',
  'before',
  'after',
  'remote_address',
  'user_agent',
  'trace_id',
] as const satisfies (keyof ChainedEntry)[];

/** What the first entry follows. */
export const GENESIS = '0'.repeat(64);

/**
 * The text that is hashed. Each value stands behind its length in bytes, so that no two entries have the same text
 * whatever is in them. The database writes the same by its function `audit_canonical`; docs/audit-log.md describes it.
 */
export function canonicalForm(entry: ChainedEntry): string {
  const lines = hashedFields.map((name) => {
    const value = entry[name];
    return value === null ? `${name}=-\n` : `${name}=${Buffer.byteLength(value)}:${value}\n`;
  });
  return `${VERSION}\n${lines.join('')}`;
}

export const hashOf = (entry: ChainedEntry): string =>
  createHash('sha256').update(canonicalForm(entry)).digest('hex');
