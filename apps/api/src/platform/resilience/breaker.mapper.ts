import type { BreakerDto } from '@aiops/contracts';
import { redactText } from '../secrets/redact.js';
import type { BreakerStatus } from './breaker.js';

export const toBreakerDto = ({ name, state, reason, changedAt, retryAt }: BreakerStatus): BreakerDto => ({
  name,
  state,
  reason: reason === null ? null : redactText(reason),
  changed_at: changedAt.toISOString(),
  retry_at: retryAt?.toISOString() ?? null,
});
