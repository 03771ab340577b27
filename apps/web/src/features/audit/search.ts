import {
  auditActions,
  auditOutcomeSchema,
  auditSubjectKinds,
  type AuditAction,
  type AuditLogFilter,
  type AuditOutcome,
  type AuditSubjectKind,
} from '@aiops/contracts';

/** What the address of the audit log holds. */
export interface AuditSearch {
  q?: string;
  action?: AuditAction;
  outcome?: AuditOutcome;
  actor?: string;
  kind?: AuditSubjectKind;
  subject?: string;
  trace?: string;
  /** Days as `2026-01-31`, both included, where the reader is. */
  from?: string;
  to?: string;
  /** The entry that is open. */
  entry?: string;
}

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((each) => each === value);
const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** Reads the address; what does not belong there is left out. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    q: text(search['q']),
    action: oneOf(auditActions, search['action']),
    outcome: oneOf(auditOutcomeSchema.options, search['outcome']),
    actor: text(search['actor']),
    kind: oneOf(auditSubjectKinds, search['kind']),
    subject: text(search['subject']),
    trace: text(search['trace']),
    from: day(search['from']),
    to: day(search['to']),
    entry: text(search['entry']),
  };
}

/** Midnight where the reader is, so many days after that day. */
function midnight(date: string, daysLater: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, dayOfMonth + daysLater).toISOString();
}

/** The same as the API takes it. */
export const filterOf = ({
  q,
  action,
  outcome,
  actor,
  kind,
  subject,
  trace,
  from,
  to,
}: AuditSearch): AuditLogFilter => ({
  q,
  action,
  outcome,
  actor,
  subject_kind: kind,
  subject_id: subject,
  trace_id: trace,
  from: from === undefined ? undefined : midnight(from, 0),
  to: to === undefined ? undefined : midnight(to, 1),
});

export const isFiltered = (search: AuditSearch): boolean =>
  Object.values(filterOf(search)).some((value) => value !== undefined);
