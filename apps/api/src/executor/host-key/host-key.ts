import { certificateFlaw, certificateOf, timeOf, withoutCertificate } from './certificate.js';
import { concernsHost, hostNames } from './host-patterns.js';
import type { PresentedKey } from './presented-key.js';

export type HostKeyStatus = 'pending' | 'accepted' | 'revoked' | 'certified';

export interface KnownKey {
  fingerprint: string;
  status: HostKeyStatus;
  /** Null when the host never showed it: it was pinned. */
  lastSeenAt: Date | null;
  revokedAt: Date | null;
}

/** A line of known_hosts with a marker: it holds for every host of its patterns. */
export interface KnownHostRule {
  kind: 'certificate_authority' | 'revoked';
  hosts: string;
  fingerprint: string;
}

/** Whether a host with this key may be talked to. */
export type KeyVerdict =
  | { kind: 'accepted' }
  /** An authority that is trusted for this host vouches for the key. */
  | { kind: 'certified'; authority: string }
  /** The host was never accepted: a person must look at the key first. */
  | { kind: 'unknown' }
  /**
   * Another key is trusted for this host. `news` when the host did not already show this one the last time, `undecided`
   * as long as no person has refused it.
   */
  | { kind: 'changed'; known: string[]; news: boolean; undecided: boolean }
  /** A person took the trust in this key back, and trusts no other. */
  | { kind: 'revoked'; news: boolean };

/** A verdict, and why a certificate that came with the key did not count. */
export type Judgement = KeyVerdict & { certificateProblem: string | null };

interface Circumstances {
  target: { host: string; port: number };
  /** What is known of the target's own keys. */
  keys: readonly KnownKey[];
  rules: readonly KnownHostRule[];
  now: Date;
}

/** A key that was revoked is refused whoever vouches for it; then certificates count, then the keys that a person accepted. */
export function judgePresented(presented: PresentedKey, circumstances: Circumstances): Judgement {
  const { keys, rules, target } = circumstances;
  const same = keys.find((key) => key.fingerprint === presented.fingerprint);
  if (banOf(presented, target, rules) !== undefined) {
    const news = isNews(same, keys.filter(isTrusted));
    return { kind: 'revoked', news, certificateProblem: null };
  }
  const certificateProblem = certificateProblemOf(presented, circumstances);
  const certified = presented.certificate !== null && certificateProblem === null;
  if (certified && same?.status !== 'revoked') {
    return {
      kind: 'certified',
      authority: presented.certificate?.authority.fingerprint ?? '',
      certificateProblem,
    };
  }
  return { ...judgeKey(presented.fingerprint, keys), certificateProblem };
}

/** The rule that revokes a key, or the authority behind it, for this host. */
export function banOf<R extends KnownHostRule>(
  presented: Pick<PresentedKey, 'fingerprint' | 'certificate'>,
  target: { host: string; port: number },
  rules: readonly R[],
): R | undefined {
  const shown = [presented.fingerprint, presented.certificate?.authority.fingerprint];
  return rules.find(
    (rule) =>
      rule.kind === 'revoked' &&
      shown.includes(rule.fingerprint) &&
      concernsHost(rule.hosts, hostNames(target), 'ban'),
  );
}

/** Null when it has no certificate, or one that is good for this host. */
function certificateProblemOf(
  { certificate, unreadable }: PresentedKey,
  { target, rules, now }: Circumstances,
): string | null {
  if (certificate === null) return unreadable;
  const { fingerprint } = certificate.authority;
  const trusted = authoritiesFor(target, rules).some((rule) => rule.fingerprint === fingerprint);
  if (!trusted) return `its authority ${fingerprint} is not trusted for ${target.host}`;
  return certificateFlaw(certificate, target.host, now);
}

export const authoritiesFor = <R extends KnownHostRule>(
  target: { host: string; port: number },
  rules: readonly R[],
): R[] =>
  rules.filter(
    (rule) => rule.kind === 'certificate_authority' && concernsHost(rule.hosts, hostNames(target), 'trust'),
  );

export function judgeKey(fingerprint: string, known: readonly KnownKey[]): KeyVerdict {
  const same = known.find((key) => key.fingerprint === fingerprint);
  if (same?.status === 'accepted') return { kind: 'accepted' };
  const others = known.filter((key) => isTrusted(key) && key !== same);
  const news = isNews(same, others);
  if (others.length > 0) {
    const undecided = same?.status !== 'revoked';
    return { kind: 'changed', known: others.map((key) => key.fingerprint), news, undecided };
  }
  return same?.status === 'revoked' ? { kind: 'revoked', news } : { kind: 'unknown' };
}

const isTrusted = (key: KnownKey): boolean => key.status === 'accepted' || key.status === 'certified';
const seenAt = (key: KnownKey): number => key.lastSeenAt?.getTime() ?? 0;

const isNews = (same: KnownKey | undefined, others: readonly KnownKey[]): boolean =>
  same === undefined || others.some((key) => seenAt(key) > seenAt(same));

/** How the keys of one target stand: `changed` when what it showed last is not trusted although something was. */
export function hostKeyStatus(keys: readonly KnownKey[]): 'none' | 'pending' | 'accepted' | 'changed' {
  const trusted = keys.filter(isTrusted);
  const trustedSeen = Math.max(0, ...trusted.map(seenAt));
  const shownAfter = (key: KnownKey): boolean =>
    seenAt(key) > Math.max(trustedSeen, key.revokedAt?.getTime() ?? 0);
  if (trusted.length > 0) {
    return keys.some((key) => !isTrusted(key) && shownAfter(key)) ? 'changed' : 'accepted';
  }
  if (keys.some((key) => key.status === 'pending')) return 'pending';
  return keys.some(shownAfter) ? 'changed' : 'none';
}

/** What a certificate said, to be shown beside the key. */
export interface CertificateFacts {
  authority: string;
  key_id: string;
  serial: string;
  principals: string[];
  valid_after: string | null;
  valid_before: string | null;
}

export function certificateFacts({ certificate }: PresentedKey): CertificateFacts | null {
  if (certificate === null) return null;
  return {
    authority: certificate.authority.fingerprint,
    key_id: certificate.keyId,
    serial: certificate.serial.toString(),
    principals: certificate.principals,
    valid_after: timeOf(certificate.validAfter),
    valid_before: timeOf(certificate.validBefore),
  };
}

const plainAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
export type HostKeyAlgorithm = (typeof plainAlgorithms)[number];

/** Names under which a type of key is negotiated: RSA has one for each hash (RFC 8332). */
export const signatureAlgorithms = (keyAlgorithm: string): string[] =>
  keyAlgorithm === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [keyAlgorithm];

/**
 * Algorithms to offer, those of accepted keys first, as OpenSSH does: a server with several keys must not look changed
 * because it would rather show another one. `ssh-rsa` with SHA-1 is not offered.
 */
export function algorithmOrder(accepted: readonly string[]): HostKeyAlgorithm[] {
  const wanted = new Set(accepted.flatMap(signatureAlgorithms));
  return [...plainAlgorithms].sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
}

/** Certificates are asked for where an authority is trusted for the host, and then first (OpenSSH's order_hostkeyalgs). */
export const withCertificates = (order: readonly HostKeyAlgorithm[]): string[] => [
  ...order.map(certificateOf),
  ...order,
];

/** What is left of an offer when the host is to show a key of another type. */
export function withoutType(offer: readonly string[], keyAlgorithm: string): string[] {
  const names = signatureAlgorithms(keyAlgorithm);
  return offer.filter((name) => !names.includes(withoutCertificate(name)));
}
