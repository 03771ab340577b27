import type { FailedOperationDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../http/fields.js';
import { redactSecrets, redactText } from '../secrets/redact.js';
import type { FailedOperation } from './failed-operation.repository.js';

const { same, time, timeOrNull, from } = fieldsOf<FailedOperation>();

/** As people see it: the stored payload keeps its secrets, for a retry. */
export const failedOperationFields: Fields<FailedOperation, FailedOperationDto> = {
  id: same('id'),
  operation: same('operation'),
  payload: from(['payload'], ({ payload }) => redactSecrets(payload) as FailedOperationDto['payload']),
  error: from(['error'], ({ error }) => redactText(error)),
  attempts: same('attempts'),
  status: same('status'),
  failed_at: time('failedAt'),
  handled_by: same('handledBy'),
  handled_at: timeOrNull('handledAt'),
};
export const toFailedOperationDto = mapperOf(failedOperationFields);
