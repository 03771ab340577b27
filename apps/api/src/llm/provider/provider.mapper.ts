import type { LlmProviderDto } from '@aiops/contracts';
import type { BreakerState } from '../../platform/index.js';
import type { LlmProvider } from './provider.repository.js';

export function toProviderDto(provider: LlmProvider, breaker: BreakerState): LlmProviderDto {
  return {
    id: provider.id,
    name: provider.name,
    kind: provider.kind,
    model: provider.model,
    base_url: provider.baseUrl,
    api_key: provider.apiKeyHint,
    priority: provider.priority,
    enabled: provider.enabled,
    timeout_ms: provider.timeoutMs,
    breaker,
    created_at: provider.createdAt.toISOString(),
    updated_at: provider.updatedAt.toISOString(),
  };
}
