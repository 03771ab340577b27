import { parseKnownHosts } from './known-hosts.js';
import { isKeyAlgorithm, keyLine, readKeyLine, type PublicKey } from './public-key.js';
import { WireError } from './wire.js';

/** A key that a person trusts before the host has shown it. */
export interface Pin {
  fingerprint: string;
  /** Null when the fingerprint alone is known. */
  algorithm: string | null;
  /** As in a `.pub` file; null when the fingerprint alone is known. */
  publicKey: string | null;
}

/** `SHA256:` and the base64 of 32 bytes, whose padding OpenSSH leaves out. */
const fingerprint = /(?:^|\s)(SHA256:[A-Za-z0-9+/]{43})=?(?:\s|$)/;
const hexFingerprint = /(?:^|\s)(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}(?:\s|$)/i;

/**
 * Reads what people have at hand: a line of a `.pub` file, a line of known_hosts or of ssh-keyscan, a bare fingerprint, or
 * what `ssh-keygen -l` prints.
 * @throws WireError that says what is wrong with the text.
 */
export function readPin(given: string): Pin {
  const text = given.trim();
  if (/[\r\n]/.test(text)) throw new WireError('it has several lines; give one key at a time');
  if (text.includes('PRIVATE KEY')) throw new WireError('it is a private key; give the public one');
  const shown = fingerprint.exec(text)?.[1];
  if (shown !== undefined) return { fingerprint: shown, algorithm: algorithmIn(text), publicKey: null };
  if (hexFingerprint.test(text)) {
    throw new WireError('it is an MD5 fingerprint; give the SHA256 one: ssh-keygen -l -E sha256');
  }
  return fromKey(keyIn(text));
}

const fromKey = (key: PublicKey): Pin => ({
  fingerprint: key.fingerprint,
  algorithm: key.algorithm,
  publicKey: keyLine(key),
});

function keyIn(text: string): PublicKey {
  const words = text.split(/[ \t]+/);
  const [type = '', base64 = ''] = words;
  if (isKeyAlgorithm(type)) return readKeyLine(type, base64);
  const [line] = parseKnownHosts(text);
  if (line?.kind === 'entry') {
    if (line.marker === null) return line.key;
    throw new WireError(`a line with the marker @${line.marker} belongs into the import of known_hosts`);
  }
  if (line?.kind === 'invalid' && words.some(isKeyAlgorithm)) throw new WireError(line.problem);
  throw new WireError('it is neither a public key line (ssh-ed25519 AAAA…) nor a fingerprint (SHA256:…)');
}

const curveOf: Record<string, string> = {
  '256': 'ecdsa-sha2-nistp256',
  '384': 'ecdsa-sha2-nistp384',
  '521': 'ecdsa-sha2-nistp521',
};

/** `256 SHA256:… comment (ED25519)` names the type of the key at its end. */
function algorithmIn(text: string): string | null {
  const [, bits = '', type] = /^(\d+) .*\((\w+)\)$/.exec(text) ?? [];
  if (type === 'ED25519') return 'ssh-ed25519';
  if (type === 'RSA') return 'ssh-rsa';
  return type === 'ECDSA' ? (curveOf[bits] ?? null) : null;
}
