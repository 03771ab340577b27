import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { WireError, WireReader } from './wire.js';

/** The public half of a host key or of a certificate authority. */
export interface PublicKey {
  /** e.g. `ssh-ed25519` */
  algorithm: string;
  /** The key as it travels (RFC 4253, section 6.6). */
  blob: Buffer;
  /** OpenSSH's form: `SHA256:` and the unpadded base64 of the blob's digest. */
  fingerprint: string;
  bits: number;
}

/** How many fields follow the name of the algorithm. */
const fieldCounts = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
} as const;
export type KeyAlgorithm = keyof typeof fieldCounts;
export const keyAlgorithms = Object.keys(fieldCounts) as KeyAlgorithm[];
export const isKeyAlgorithm = (name: string): name is KeyAlgorithm => Object.hasOwn(fieldCounts, name);

const curves: Partial<Record<KeyAlgorithm, { bits: number; name: string; jwk: string; hash: string }>> = {
  'ecdsa-sha2-nistp256': { bits: 256, name: 'nistp256', jwk: 'P-256', hash: 'sha256' },
  'ecdsa-sha2-nistp384': { bits: 384, name: 'nistp384', jwk: 'P-384', hash: 'sha384' },
  'ecdsa-sha2-nistp521': { bits: 521, name: 'nistp521', jwk: 'P-521', hash: 'sha512' },
};

/** OpenSSH's own minimum (`RequiredRSASize`). */
const MINIMUM_RSA_BITS = 1024;

export const fingerprintOf = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** The fields of a key of this algorithm, which `reader` stands before. @throws WireError */
export function readKeyFields(algorithm: string, reader: WireReader): Buffer[] {
  if (!isKeyAlgorithm(algorithm)) throw new WireError(`keys of the type ${algorithm} are not supported`);
  return Array.from({ length: fieldCounts[algorithm] }, () => reader.string());
}

/** Reads a whole key. @throws WireError that says what is wrong with it. */
export function readPublicKey(blob: Buffer): PublicKey {
  const reader = new WireReader(blob);
  const algorithm = reader.text();
  const fields = readKeyFields(algorithm, reader);
  if (!reader.atEnd) throw new WireError('something follows the key');
  const bits = bitsOf(algorithm as KeyAlgorithm, fields);
  return { algorithm, blob, fingerprint: fingerprintOf(blob), bits };
}

function bitsOf(algorithm: KeyAlgorithm, [first, second]: Buffer[]): number {
  const curve = curves[algorithm];
  if (curve !== undefined) {
    const width = Math.ceil(curve.bits / 8);
    const onCurve = first?.toString('latin1') === curve.name;
    // Only uncompressed points are in use (RFC 5656, section 3.1).
    if (!onCurve || second?.length !== 1 + 2 * width || second[0] !== 4) {
      throw new WireError(`it is no point of ${curve.name}`);
    }
    return curve.bits;
  }
  if (algorithm === 'ssh-ed25519') {
    if (first?.length !== 32) throw new WireError('an Ed25519 key has 32 bytes');
    return 256;
  }
  const modulus = withoutLeadingZeros(second ?? Buffer.alloc(0));
  const bits = modulus.length === 0 ? 0 : modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < MINIMUM_RSA_BITS) throw new WireError(`an RSA key of ${bits} bits is too short`);
  return bits;
}

function withoutLeadingZeros(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
}

/** @throws WireError */
function toKeyObject(key: PublicKey): KeyObject {
  const reader = new WireReader(key.blob);
  const algorithm = reader.text();
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = readKeyFields(algorithm, reader);
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  const curve = curves[algorithm as KeyAlgorithm];
  const width = curve === undefined ? 0 : Math.ceil(curve.bits / 8);
  const jwk =
    curve !== undefined
      ? {
          kty: 'EC',
          crv: curve.jwk,
          x: text(second.subarray(1, 1 + width)),
          y: text(second.subarray(1 + width)),
        }
      : algorithm === 'ssh-ed25519'
        ? { kty: 'OKP', crv: 'Ed25519', x: text(first) }
        : { kty: 'RSA', e: text(withoutLeadingZeros(first)), n: text(withoutLeadingZeros(second)) };
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new WireError('it is no valid key');
  }
}

const rsaHashes: Record<string, string> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

/**
 * Whether `signature` (RFC 4253, section 6.6: its algorithm, then its bytes) is one of `data` by `key`. RSA with SHA-1 is
 * refused, as OpenSSH does since 8.8.
 */
export function isSignedBy(key: PublicKey, data: Buffer, signature: Buffer): boolean {
  try {
    const reader = new WireReader(signature);
    const algorithm = reader.text();
    const bytes = reader.string();
    if (!reader.atEnd) return false;
    return verifyBytes(key, algorithm, data, bytes);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

function verifyBytes(key: PublicKey, algorithm: string, data: Buffer, bytes: Buffer): boolean {
  if (key.algorithm === 'ssh-rsa') {
    const hash = rsaHashes[algorithm];
    return hash !== undefined && verify(hash, data, toKeyObject(key), bytes);
  }
  if (algorithm !== key.algorithm) return false;
  const curve = curves[algorithm as KeyAlgorithm];
  if (curve === undefined) return verify(null, data, toKeyObject(key), bytes);
  const pair = pairOf(bytes, Math.ceil(curve.bits / 8));
  return (
    pair !== null && verify(curve.hash, data, { key: toKeyObject(key), dsaEncoding: 'ieee-p1363' }, pair)
  );
}

/** The two numbers of an ECDSA signature (RFC 5656, section 3.1.2) at full width, as node:crypto takes them. */
function pairOf(bytes: Buffer, width: number): Buffer | null {
  const reader = new WireReader(bytes);
  const numbers = [withoutLeadingZeros(reader.string()), withoutLeadingZeros(reader.string())];
  if (!reader.atEnd || numbers.some((number) => number.length > width)) return null;
  return Buffer.concat(numbers.flatMap((number) => [Buffer.alloc(width - number.length), number]));
}

/** As in a `.pub` file, without the comment. */
export const keyLine = (key: Pick<PublicKey, 'algorithm' | 'blob'>): string =>
  `${key.algorithm} ${key.blob.toString('base64')}`;

/** Reads the two words of a `.pub` file. @throws WireError that says what is wrong with them. */
export function readKeyLine(type: string, base64: string): PublicKey {
  // Buffer.from would silently skip what is no base64.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new WireError('the key is no whole base64; was it cut off?');
  }
  const blob = Buffer.from(base64, 'base64');
  const inside = new WireReader(blob).text();
  if (inside !== type) throw new WireError(`the line says ${type}, and the key itself ${printable(inside)}`);
  return readPublicKey(blob);
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
