import type { ApiKeyDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import { warningsOf } from './api-key-rules.js';
import type { ApiKey } from './api-key.repository.js';

/** The key itself and its hash are not part of it. */
const { same, time, timeOrNull, from } = fieldsOf<ApiKey>();

/** The fields of a key as they stand at this moment. */
export const apiKeyFields = (now: Date): Fields<ApiKey, ApiKeyDto> => ({
  id: same('id'),
  name: same('name'),
  description: same('description'),
  role: same('role'),
  scopes: same('scopes'),
  hint: same('hint'),
  expires_at: timeOrNull('expiresAt'),
  last_used_at: timeOrNull('lastUsedAt'),
  last_used_from: same('lastUsedFrom'),
  created_by: same('createdBy'),
  replaced_by: same('replacedBy'),
  warnings: from(['expiresAt', 'lastUsedAt', 'createdAt'], (key) => warningsOf(key, now)),
  created_at: time('createdAt'),
});
export const toApiKeyDto = (key: ApiKey, now: Date): ApiKeyDto => mapperOf(apiKeyFields(now))(key);
