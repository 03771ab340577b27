import type { AuditEntryDto, AuditExportFormat } from '@aiops/contracts';
import { CSV_START, csvLine } from './csv.js';

interface Format {
  contentType: string;
  start: string;
  line: (entry: AuditEntryDto) => string;
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const columns: Record<string, (entry: AuditEntryDto) => string | number | null> = {
  position: (entry) => entry.position,
  occurred_at: (entry) => entry.occurred_at,
  action: (entry) => entry.action,
  outcome: (entry) => entry.outcome,
  actor_kind: (entry) => entry.actor.kind,
  actor_id: (entry) => entry.actor.id,
  actor_name: (entry) => entry.actor.name,
  subject_kind: (entry) => entry.subject.kind,
  subject_id: (entry) => entry.subject.id,
  subject_name: (entry) => entry.subject.name,
  reason: (entry) => entry.reason,
  before: (entry) => json(entry.before),
  after: (entry) => json(entry.after),
  remote_address: (entry) => entry.remote_address,
  user_agent: (entry) => entry.user_agent,
  trace_id: (entry) => entry.trace_id,
  id: (entry) => entry.id,
  previous_hash: (entry) => entry.previous_hash,
  hash: (entry) => entry.hash,
};

/** How each format of the export is written. */
export const exportFormats: Record<AuditExportFormat, Format> = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    start: CSV_START + csvLine(Object.keys(columns)),
    line: (entry) => csvLine(Object.values(columns).map((read) => read(entry))),
  },
  // One JSON object a line: https://jsonlines.org
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    start: '',
    line: (entry) => `${JSON.stringify(entry)}\n`,
  },
};
