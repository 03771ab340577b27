import type { ApiKeyDto } from '@aiops/contracts';
import type { ApiKey } from './api-key.repository.js';

/** The key itself and its hash are not part of it. */
export function toApiKeyDto(key: ApiKey): ApiKeyDto {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    scopes: key.scopes,
    hint: key.hint,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  };
}
