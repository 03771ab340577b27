import type { CredentialDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { Credential } from './credential.repository.js';

const { same, time, from } = fieldsOf<Credential>();

const DAY_MS = 86_400_000;
/** Past this age a credential is called stale. */
const STALE_DAYS = 90;

/** The fields of a credential as they stand at this moment. */
export function credentialFields(now: Date): Fields<Credential, CredentialDto> {
  const ageDays = ({ lastRotatedAt }: Pick<Credential, 'lastRotatedAt'>): number =>
    Math.floor((now.getTime() - lastRotatedAt.getTime()) / DAY_MS);
  return {
    id: same('id'),
    name: same('name'),
    kind: same('kind'),
    secret: from([], () => '***'),
    fingerprint: same('fingerprint'),
    age_days: from(['lastRotatedAt'], ageDays),
    last_rotated_at: time('lastRotatedAt'),
    health: from(['lastRotatedAt'], (credential) => (ageDays(credential) > STALE_DAYS ? 'stale' : 'ok')),
    created_at: time('createdAt'),
    updated_at: time('updatedAt'),
  };
}

export const toCredentialDto = (credential: Credential, now: Date): CredentialDto =>
  mapperOf(credentialFields(now))(credential);
