import type { BreakerDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../http/fields.js';
import { redactText } from '../secrets/redact.js';
import type { BreakerStatus } from './breaker.js';

const { same, time, timeOrNull, from } = fieldsOf<BreakerStatus>();

export const breakerFields: Fields<BreakerStatus, BreakerDto> = {
  name: same('name'),
  state: same('state'),
  reason: from(['reason'], ({ reason }) => (reason === null ? null : redactText(reason))),
  changed_at: time('changedAt'),
  retry_at: timeOrNull('retryAt'),
};
export const toBreakerDto = mapperOf(breakerFields);
