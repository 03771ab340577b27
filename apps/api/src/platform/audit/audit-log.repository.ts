import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../database/database-session.js';
import type { AuditEntryEntity } from './audit-entry.entity.js';

/** An entry that has no place in the chain yet. */
export type NewAuditEntry = Omit<AuditEntryEntity, 'position' | 'previousHash' | 'hash'>;

/** Text for text what was given, JSON included: `json_to_recordset` hands `json` on as it stands. */
const TAKE_IN = `
  INSERT INTO audit_intake (id, occurred_at, action, outcome, actor_kind, actor_id, actor_name,
    subject_kind, subject_id, subject_name, reason, before, after, remote_address, user_agent, trace_id)
  SELECT id, occurred_at, action, outcome, actor_kind, actor_id, actor_name,
    subject_kind, subject_id, subject_name, reason, before, after, remote_address, user_agent, trace_id
  FROM json_to_recordset($1::json) AS entry (id uuid, occurred_at timestamptz, action text, outcome text,
    actor_kind text, actor_id text, actor_name text, subject_kind text, subject_id text, subject_name text,
    reason text, before json, after json, remote_address text, user_agent text, trace_id text)`;

@Injectable()
export class AuditLogRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Entries join the chain, in this order, when the transaction commits. */
  async add(entries: readonly NewAuditEntry[]): Promise<void> {
    await this.session.manager.query(TAKE_IN, [JSON.stringify(entries.map(toRow))]);
  }
}

const toRow = (entry: NewAuditEntry) => ({
  id: entry.id,
  occurred_at: entry.occurredAt.toISOString(),
  action: entry.action,
  outcome: entry.outcome,
  actor_kind: entry.actorKind,
  actor_id: entry.actorId,
  actor_name: entry.actorName,
  subject_kind: entry.subjectKind,
  subject_id: entry.subjectId,
  subject_name: entry.subjectName,
  reason: entry.reason,
  before: entry.before ?? undefined,
  after: entry.after ?? undefined,
  remote_address: entry.remoteAddress,
  user_agent: entry.userAgent,
  trace_id: entry.traceId,
});
