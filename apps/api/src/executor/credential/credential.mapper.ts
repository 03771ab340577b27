import type { CredentialDto } from '@aiops/contracts';
import { type Fields, fieldsOf } from '../../platform/index.js';
import { ageInDays, isStale } from './credential-age.js';
import type { Credential } from './credential.repository.js';

const { same, time, from } = fieldsOf<Credential>();

/** The fields of a credential as they stand at this moment. */
export function credentialFields(now: Date, maxAgeDays: number): Fields<Credential, CredentialDto> {
  return {
    id: same('id'),
    name: same('name'),
    kind: same('kind'),
    secret: from([], () => '***'),
    fingerprint: same('fingerprint'),
    age_days: from(['lastRotatedAt'], (credential) => ageInDays(credential, now)),
    last_rotated_at: time('lastRotatedAt'),
    health: from(['lastRotatedAt'], (credential) => (isStale(credential, now, maxAgeDays) ? 'stale' : 'ok')),
    created_at: time('createdAt'),
    updated_at: time('updatedAt'),
  };
}
