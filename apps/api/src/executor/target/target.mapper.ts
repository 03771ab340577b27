import type { TargetDto } from '@aiops/contracts';
import type { Target } from './target.repository.js';

export function toTargetDto(target: Target, hostKeyStatus: TargetDto['host_key_status']): TargetDto {
  return {
    id: target.id,
    name: target.name,
    kind: target.kind,
    host: target.host,
    port: target.port,
    username: target.username,
    shell: target.shell,
    labels: target.labels,
    credential_id: target.credentialId,
    reachable: target.reachable,
    last_seen_at: target.lastSeenAt?.toISOString() ?? null,
    last_error: target.lastError,
    host_key_status: hostKeyStatus,
    created_at: target.createdAt.toISOString(),
    updated_at: target.updatedAt.toISOString(),
  };
}
