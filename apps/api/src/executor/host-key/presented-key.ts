import { isCertificate, keyInside, readCertificate, type HostCertificate } from './certificate.js';
import { fingerprintOf, keyLine } from './public-key.js';
import { WireError, WireReader } from './wire.js';

/** What a host shows when it is connected to. */
export interface PresentedKey {
  /** e.g. `ssh-ed25519`, also when it came in a certificate. */
  algorithm: string;
  /** `SHA256:` and unpadded base64 of the digest of the key itself. */
  fingerprint: string;
  /** As in a `.pub` file. */
  publicKey: string;
  /** The certificate that the key came in. */
  certificate: HostCertificate | null;
  /** Why a certificate could not be read; the key inside then counts as if it had come alone. */
  unreadable: string | null;
}

/** Reads a key or certificate as the key exchange brings it. @throws WireError when there is no key in it. */
export function readPresented(blob: Buffer): PresentedKey {
  const algorithm = nameIn(blob);
  if (!isCertificate(algorithm)) {
    const publicKey = keyLine({ algorithm, blob });
    return { algorithm, fingerprint: fingerprintOf(blob), publicKey, certificate: null, unreadable: null };
  }
  const key = keyInside(blob);
  return {
    algorithm: key.algorithm,
    fingerprint: key.fingerprint,
    publicKey: keyLine(key),
    ...readWhole(blob),
  };
}

function readWhole(blob: Buffer): Pick<PresentedKey, 'certificate' | 'unreadable'> {
  try {
    return { certificate: readCertificate(blob), unreadable: null };
  } catch (error) {
    if (error instanceof WireError) return { certificate: null, unreadable: error.message };
    throw error;
  }
}

function nameIn(blob: Buffer): string {
  try {
    return new WireReader(blob).text();
  } catch (error) {
    if (error instanceof WireError) return '';
    throw error;
  }
}
