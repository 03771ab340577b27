import type { ApiKeyDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { ApiKey } from './api-key.repository.js';

/** The key itself and its hash are not part of it. */
const { same, time, timeOrNull } = fieldsOf<ApiKey>();

export const apiKeyFields: Fields<ApiKey, ApiKeyDto> = {
  id: same('id'),
  name: same('name'),
  role: same('role'),
  scopes: same('scopes'),
  hint: same('hint'),
  expires_at: timeOrNull('expiresAt'),
  last_used_at: timeOrNull('lastUsedAt'),
  created_at: time('createdAt'),
};
export const toApiKeyDto = mapperOf(apiKeyFields);
