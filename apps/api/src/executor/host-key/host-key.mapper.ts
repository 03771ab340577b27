import type { HostKeyDto, KnownHostRuleDto } from '@aiops/contracts';
import { fieldsOf, mapperOf, type Fields } from '../../platform/index.js';
import type { HostKey } from './host-key.repository.js';
import type { StoredRule } from './known-host-rule.repository.js';
import { readPublicKey } from './public-key.js';
import { randomart } from './randomart.js';
import { WireError } from './wire.js';

const key = fieldsOf<HostKey>();
export const hostKeyFields: Fields<HostKey, HostKeyDto> = {
  id: key.same('id'),
  target_id: key.same('targetId'),
  algorithm: key.same('algorithm'),
  fingerprint: key.same('fingerprint'),
  randomart: key.from(['fingerprint', 'algorithm', 'publicKey'], (item) =>
    randomart(item.fingerprint, { algorithm: item.algorithm, bits: bitsOf(item.publicKey) }),
  ),
  public_key: key.same('publicKey'),
  status: key.same('status'),
  origin: key.same('origin'),
  certificate: key.same('certificate'),
  first_seen_at: key.timeOrNull('firstSeenAt'),
  last_seen_at: key.timeOrNull('lastSeenAt'),
  accepted_by: key.same('acceptedBy'),
  accepted_at: key.timeOrNull('acceptedAt'),
  revoked_by: key.same('revokedBy'),
  revoked_at: key.timeOrNull('revokedAt'),
  created_at: key.time('createdAt'),
};
export const toHostKeyDto = mapperOf(hostKeyFields);

const rule = fieldsOf<StoredRule>();
export const knownHostRuleFields: Fields<StoredRule, KnownHostRuleDto> = {
  id: rule.same('id'),
  kind: rule.same('kind'),
  hosts: rule.same('hosts'),
  algorithm: rule.same('algorithm'),
  fingerprint: rule.same('fingerprint'),
  public_key: rule.same('publicKey'),
  comment: rule.same('comment'),
  created_by: rule.same('createdBy'),
  created_at: rule.time('createdAt'),
};
export const toKnownHostRuleDto = mapperOf(knownHostRuleFields);

/** Null when the key is not known, or is one that the engine cannot read, as a host may show any. */
function bitsOf(publicKey: string | null): number | null {
  try {
    const base64 = publicKey?.split(' ')[1];
    return base64 === undefined ? null : readPublicKey(Buffer.from(base64, 'base64')).bits;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
