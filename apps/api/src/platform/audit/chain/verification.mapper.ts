import type { AuditVerificationDto } from '@aiops/contracts';
import { fieldsOf, type Fields } from '../../http/fields.js';
import type { Verification } from './audit-verifier.service.js';

const { time, from } = fieldsOf<Verification>();

export const verificationFields: Fields<Verification, AuditVerificationDto> = {
  valid: from(['fault'], ({ fault }) => fault === null),
  position: from(['reached'], ({ reached }) => reached.position),
  hash: from(['reached'], ({ reached }) => reached.hash),
  problem: from(['fault'], ({ fault }) => fault),
  checked_at: time('at'),
  duration_ms: from(['durationMs'], ({ durationMs }) => durationMs),
};
