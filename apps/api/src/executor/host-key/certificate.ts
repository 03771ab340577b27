import { isSignedBy, readKeyFields, readPublicKey, type PublicKey } from './public-key.js';
import { matchesPattern } from './host-patterns.js';
import { WireError, WireReader, wireStrings } from './wire.js';

const SUFFIX = '-cert-v01@openssh.com';
const HOST_CERTIFICATE = 2;
/** `valid before` of certificates that never expire. */
const FOREVER = 0xffff_ffff_ffff_ffffn;

/** A host certificate, read and not yet believed. */
export interface HostCertificate {
  /** The host's key, which the authority vouches for. */
  key: PublicKey;
  serial: bigint;
  /** 2 is a host's, 1 a user's. */
  type: number;
  /** Name that the authority gave it. */
  keyId: string;
  principals: string[];
  /** Seconds since 1970. */
  validAfter: bigint;
  validBefore: bigint;
  criticalOptions: string[];
  authority: PublicKey;
  signed: Buffer;
  signature: Buffer;
}

export const isCertificate = (algorithm: string): boolean => algorithm.endsWith(SUFFIX);
export const certificateOf = (algorithm: string): string => `${algorithm}${SUFFIX}`;
export const withoutCertificate = (algorithm: string): string =>
  isCertificate(algorithm) ? algorithm.slice(0, -SUFFIX.length) : algorithm;

/**
 * Reads a certificate as OpenSSH defines it (PROTOCOL.certkeys).
 * @throws WireError when it is none, or of keys that are not supported.
 */
export function readCertificate(blob: Buffer): HostCertificate {
  const reader = new WireReader(blob);
  const body = {
    key: readKeyInside(reader),
    serial: reader.uint64(),
    type: reader.uint32(),
    keyId: reader.text(),
    principals: textsIn(reader.string()),
    validAfter: reader.uint64(),
    validBefore: reader.uint64(),
    criticalOptions: optionNames(reader.string()),
  };
  reader.string(); // Extensions: none is defined for hosts, and unknown ones are to be ignored.
  reader.string(); // Reserved.
  const authority = readPublicKey(reader.string());
  const signed = reader.before();
  const signature = reader.string();
  if (!reader.atEnd) throw new WireError('something follows the certificate');
  return { ...body, authority, signed, signature };
}

/** The key inside alone, also of a certificate that cannot be read to its end. @throws WireError */
export const keyInside = (blob: Buffer): PublicKey => readKeyInside(new WireReader(blob));

function readKeyInside(reader: WireReader): PublicKey {
  const name = reader.text();
  if (!isCertificate(name)) throw new WireError(`${name} is no certificate`);
  reader.string(); // A nonce, so that nobody can choose what the authority signs.
  const algorithm = withoutCertificate(name);
  return readPublicKey(wireStrings(algorithm, ...readKeyFields(algorithm, reader)));
}

function textsIn(bytes: Buffer): string[] {
  const reader = new WireReader(bytes);
  const texts: string[] = [];
  while (!reader.atEnd) texts.push(reader.text());
  return texts;
}

function optionNames(bytes: Buffer): string[] {
  const reader = new WireReader(bytes);
  const names: string[] = [];
  while (!reader.atEnd) {
    names.push(reader.text());
    reader.string();
  }
  return names;
}

/**
 * What is wrong with a certificate for this host at this time; null when nothing is, save that its authority must be
 * one that is trusted for the host. The order is OpenSSH's (sshkey_cert_check_host), and so is that principals may have
 * wildcards. Unlike older releases it does not take a certificate without principals for one of every host.
 */
export function certificateFlaw(certificate: HostCertificate, host: string, now: Date): string | null {
  const { authority, signed, signature, type, principals, validAfter, validBefore } = certificate;
  if (!isSignedBy(authority, signed, signature)) return 'its signature is not that of its authority';
  if (type !== HOST_CERTIFICATE) return 'it is the certificate of a user, not of a host';
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  if (seconds < validAfter) return `it is not valid before ${timeOf(validAfter) ?? 'a time far off'}`;
  if (seconds >= validBefore) return `it expired on ${timeOf(validBefore) ?? 'a time long ago'}`;
  const name = host.toLowerCase();
  if (!principals.some((principal) => matchesPattern(name, principal))) {
    const whose = principals.length === 0 ? 'no host at all' : principals.join(', ');
    return `it was made for ${whose}, not for ${host}`;
  }
  if (certificate.criticalOptions.length > 0) {
    return `it has critical options that the engine does not know: ${certificate.criticalOptions.join(', ')}`;
  }
  return null;
}

/** RFC 3339; null for what never comes, or is further away than a Date can be. */
export function timeOf(seconds: bigint): string | null {
  if (seconds === FOREVER || seconds === 0n || seconds > 8_640_000_000_000n) return null;
  return new Date(Number(seconds) * 1000).toISOString();
}
