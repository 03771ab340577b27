import type { CredentialDto } from '@aiops/contracts';
import type { Credential } from './credential.repository.js';

const DAY_MS = 86_400_000;
/** Past this age a credential is called stale. */
const STALE_DAYS = 90;

export function toCredentialDto(credential: Credential, now: Date): CredentialDto {
  const age = Math.floor((now.getTime() - credential.lastRotatedAt.getTime()) / DAY_MS);
  return {
    id: credential.id,
    name: credential.name,
    kind: credential.kind,
    secret: '***',
    fingerprint: credential.fingerprint,
    age_days: age,
    last_rotated_at: credential.lastRotatedAt.toISOString(),
    health: age > STALE_DAYS ? 'stale' : 'ok',
    created_at: credential.createdAt.toISOString(),
    updated_at: credential.updatedAt.toISOString(),
  };
}
