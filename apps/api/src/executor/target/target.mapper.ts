import type { TargetDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { KnownTarget } from './target.service.js';

const { same, time, timeOrNull } = fieldsOf<KnownTarget>();

export const targetFields: Fields<KnownTarget, TargetDto> = {
  id: same('id'),
  name: same('name'),
  kind: same('kind'),
  host: same('host'),
  port: same('port'),
  username: same('username'),
  shell: same('shell'),
  labels: same('labels'),
  credential_id: same('credentialId'),
  reachable: same('reachable'),
  last_seen_at: timeOrNull('lastSeenAt'),
  last_error: same('lastError'),
  host_key_status: same('hostKeyStatus'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toTargetDto = mapperOf(targetFields);
