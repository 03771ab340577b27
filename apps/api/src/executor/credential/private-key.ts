import ssh2 from 'ssh2';
import { fingerprintOf } from '../host-key/public-key.js';

/**
 * Reads a private key in OpenSSH or PEM form.
 * @returns its public fingerprint, or what is wrong with it, for a person.
 */
export function readPrivateKey(
  text: string,
  passphrase?: string,
): { fingerprint: string } | { problem: string } {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  // An OpenSSH file may hold several keys; the first is the one that OpenSSH takes.
  const key: ssh2.ParsedKey | Error | undefined = [parsed].flat()[0];
  if (key === undefined || key instanceof Error) return { problem: explain(text, key, passphrase) };
  if (!key.isPrivateKey()) return { problem: 'This is a public key. Give the private one.' };
  return { fingerprint: fingerprintOf(key.getPublicSSH()) };
}

function explain(text: string, error: Error | undefined, passphrase: string | undefined): string {
  const message = error?.message ?? '';
  if (/no passphrase given/i.test(message)) return 'The key is encrypted: give its passphrase.';
  if (passphrase !== undefined && /passphrase|decrypt|integrity|mac/i.test(message))
    return 'The passphrase does not open this key.';
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    return 'This key is in PKCS#8 form. Change a copy of it to OpenSSH form with: ssh-keygen -p -f <file>';
  }
  return 'This is not a private key in OpenSSH or PEM form. Paste the whole file, with its first and last line.';
}
