import type { FailedOperationDto } from '@aiops/contracts';
import { redactSecrets, redactText } from '../secrets/redact.js';
import type { FailedOperation } from './failed-operation.repository.js';

/** As people see it: the stored payload keeps its secrets, for a retry. */
export const toFailedOperationDto = (operation: FailedOperation): FailedOperationDto => ({
  id: operation.id,
  operation: operation.operation,
  payload: redactSecrets(operation.payload) as FailedOperationDto['payload'],
  error: redactText(operation.error),
  attempts: operation.attempts,
  status: operation.status,
  failed_at: operation.failedAt.toISOString(),
  handled_by: operation.handledBy,
  handled_at: operation.handledAt?.toISOString() ?? null,
});
