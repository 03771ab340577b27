import { isCertificate, readCertificate, type HostCertificate } from './certificate.js';
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
}

/** Reads a key or certificate as the key exchange brings it. @throws WireError for a certificate that cannot be read. */
export function readPresented(blob: Buffer): PresentedKey {
  const algorithm = nameIn(blob);
  if (!isCertificate(algorithm)) {
    return {
      algorithm,
      fingerprint: fingerprintOf(blob),
      publicKey: keyLine({ algorithm, blob }),
      certificate: null,
    };
  }
  const certificate = readCertificate(blob);
  const { key } = certificate;
  return { algorithm: key.algorithm, fingerprint: key.fingerprint, publicKey: keyLine(key), certificate };
}

function nameIn(blob: Buffer): string {
  try {
    return new WireReader(blob).text();
  } catch (error) {
    if (error instanceof WireError) return '';
    throw error;
  }
}
