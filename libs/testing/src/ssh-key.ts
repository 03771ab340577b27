import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kinds of key that are tried. */
export type SshKeyType = 'ed25519' | 'ecdsa' | 'rsa';

/**
 * A new pair of keys in OpenSSH form, as people have them: made by `ssh-keygen`. (The generator of the package `ssh2`
 * drops leading zeros of Ed25519 keys, so that one in 256 is no key at all.)
 */
export function generateSshKey(type: SshKeyType, passphrase = ''): { private: string; public: string } {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-key-'));
  const file = join(folder, 'key');
  try {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'aiops-test', '-f', file]);
    return { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
