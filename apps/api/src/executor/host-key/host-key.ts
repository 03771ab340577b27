import { createHash } from 'node:crypto';

/** A host key as OpenSSH shows it. */
export interface PresentedKey {
  /** e.g. `ssh-ed25519` */
  algorithm: string;
  /** `SHA256:` and unpadded base64 of the digest of the key blob. */
  fingerprint: string;
}

/** Reads a key blob of the SSH protocol (RFC 4253, 6.6): its first string names the algorithm. */
export function describeKey(blob: Buffer): PresentedKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const algorithm = blob.subarray(4, 4 + length).toString('ascii');
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { algorithm, fingerprint };
}

export interface KnownKey {
  fingerprint: string;
  status: 'pending' | 'accepted' | 'revoked';
  lastSeenAt: Date;
  revokedAt: Date | null;
}

/** Whether a host with this key may be talked to. */
export type KeyVerdict =
  | { kind: 'accepted' }
  /** The host was never accepted: a person must look at the key first. */
  | { kind: 'unknown' }
  /** Another key was accepted for this host. `news` when the host did not already show this one the last time. */
  | { kind: 'changed'; known: string[]; news: boolean }
  /** A person took the trust in this key back, and trusts no other. */
  | { kind: 'revoked' };

export function judgeKey(fingerprint: string, known: readonly KnownKey[]): KeyVerdict {
  const same = known.find((key) => key.fingerprint === fingerprint);
  if (same?.status === 'accepted') return { kind: 'accepted' };
  const accepted = known.filter((key) => key.status === 'accepted');
  if (accepted.length > 0) {
    const news = same === undefined || accepted.some((key) => key.lastSeenAt > same.lastSeenAt);
    return { kind: 'changed', known: accepted.map((key) => key.fingerprint), news };
  }
  return same?.status === 'revoked' ? { kind: 'revoked' } : { kind: 'unknown' };
}

/** How the keys of one target stand: `changed` when what it showed last is not trusted although something was. */
export function hostKeyStatus(keys: readonly KnownKey[]): 'none' | 'pending' | 'accepted' | 'changed' {
  const accepted = keys.filter((key) => key.status === 'accepted');
  const trustedSeen = Math.max(0, ...accepted.map((key) => key.lastSeenAt.getTime()));
  const shownAfter = (key: KnownKey): boolean =>
    key.lastSeenAt.getTime() > Math.max(trustedSeen, key.revokedAt?.getTime() ?? 0);
  if (accepted.length > 0) {
    return keys.some((key) => key.status !== 'accepted' && shownAfter(key)) ? 'changed' : 'accepted';
  }
  if (keys.some((key) => key.status === 'pending')) return 'pending';
  return keys.some(shownAfter) ? 'changed' : 'none';
}

const allAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
export type HostKeyAlgorithm = (typeof allAlgorithms)[number];

/**
 * Algorithms to offer, those of accepted keys first, as OpenSSH does: a server with several keys must not look changed
 * because it would rather show another one. `ssh-rsa` with SHA-1 is not offered.
 */
export function algorithmOrder(accepted: readonly string[]): HostKeyAlgorithm[] {
  const wanted = new Set(
    accepted.flatMap((name) => (name === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [name])),
  );
  return [...allAlgorithms].sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
}
