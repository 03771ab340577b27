import type { AuditEntryDto } from '@aiops/contracts';
import { fieldsOf, mapperOf, type Fields } from '../../http/fields.js';
import type { AuditEntry } from './audit-reader.repository.js';

const { same, time, from } = fieldsOf<AuditEntry>();

export const auditEntryFields: Fields<AuditEntry, AuditEntryDto> = {
  id: same('id'),
  position: from(['position'], ({ position }) => Number(position)),
  occurred_at: time('occurredAt'),
  action: same('action'),
  outcome: same('outcome'),
  actor: from(['actorKind', 'actorId', 'actorName'], ({ actorKind, actorId, actorName }) => ({
    kind: actorKind,
    id: actorId,
    name: actorName,
  })),
  subject: from(['subjectKind', 'subjectId', 'subjectName'], ({ subjectKind, subjectId, subjectName }) => ({
    kind: subjectKind,
    id: subjectId,
    name: subjectName,
  })),
  reason: same('reason'),
  before: same('before'),
  after: same('after'),
  remote_address: from(['remoteAddress'], ({ remoteAddress }) => remoteAddress),
  user_agent: from(['userAgent'], ({ userAgent }) => userAgent),
  trace_id: from(['traceId'], ({ traceId }) => traceId),
  previous_hash: from(['previousHash'], ({ previousHash }) => previousHash),
  hash: same('hash'),
};
export const toAuditEntryDto = mapperOf(auditEntryFields);
