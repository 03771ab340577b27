import type { LlmProviderDto } from '@aiops/contracts';
import { type BreakerState, type Fields, fieldsOf } from '../../platform/index.js';
import type { LlmProvider } from './provider.repository.js';

const { same, time, from } = fieldsOf<LlmProvider>();

/** The fields of a provider; how its breaker stands is not in its row. */
export const providerFields = (
  breaker: (provider: { name: string }) => BreakerState,
): Fields<LlmProvider, LlmProviderDto> => ({
  id: same('id'),
  name: same('name'),
  kind: same('kind'),
  model: same('model'),
  base_url: same('baseUrl'),
  api_key: same('apiKeyHint'),
  priority: same('priority'),
  enabled: same('enabled'),
  timeout_ms: same('timeoutMs'),
  breaker: from(['name'], breaker),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
});
