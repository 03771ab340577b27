import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPrivateKey } from './private-key.js';

const folder = mkdtempSync(join(tmpdir(), 'aiops-key-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A key as people have them: made by ssh-keygen. */
function keygen(...options: string[]): { text: string; publicText: string; fingerprint: string } {
  const file = join(folder, `key${++count}`);
  execFileSync('ssh-keygen', ['-q', '-f', file, ...options]);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' });
  const fingerprint = shown.split(' ')[1] ?? '';
  return { text: readFileSync(file, 'utf8'), publicText: readFileSync(`${file}.pub`, 'utf8'), fingerprint };
}
const plain = keygen('-t', 'ed25519', '-N', '');

describe('readPrivateKey', () => {
  it.each([
    ['ed25519', ['-t', 'ed25519', '-N', '']],
    ['ecdsa', ['-t', 'ecdsa', '-N', '']],
    ['rsa', ['-t', 'rsa', '-b', '2048', '-N', '']],
    ['rsa in PEM form', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '']],
  ])('shows the public fingerprint of a key: %s', (_what, options) => {
    const { text, fingerprint } = keygen(...options);
    expect(readPrivateKey(text)).toEqual({ fingerprint });
  });

  it('takes a key with the line ends of Windows, or without its last one', () => {
    const { fingerprint } = plain;
    expect(readPrivateKey(plain.text.replaceAll('\n', '\r\n'))).toEqual({ fingerprint });
    expect(readPrivateKey(plain.text.trim())).toEqual({ fingerprint });
  });

  it.each([
    ['OpenSSH', []],
    ['PEM', ['-m', 'PEM']],
  ])('asks for a passphrase in %s form, and says when it is the wrong one', (_form, form) => {
    const { text, fingerprint } = keygen('-t', 'rsa', '-b', '2048', '-N', 'open sesame', ...form);
    expect(readPrivateKey(text)).toEqual({ problem: 'The key is encrypted: give its passphrase.' });
    expect(readPrivateKey(text, 'wrong')).toEqual({ problem: 'The passphrase does not open this key.' });
    expect(readPrivateKey(text, 'open sesame')).toEqual({ fingerprint });
  });

  it.each([
    ['a public key', plain.publicText, 'public key'],
    ['PKCS#8', keygen('-t', 'ecdsa', '-m', 'PKCS8', '-N', '').text, 'ssh-keygen -p'],
    ['encrypted PKCS#8', keygen('-t', 'ecdsa', '-m', 'PKCS8', '-N', 'open sesame').text, 'ssh-keygen -p'],
    ['half a key', plain.text.slice(0, 200), 'first and last line'],
    ['no key', 'hello', 'not a private key'],
    ['nothing', ' ', 'not a private key'],
  ])('says what is wrong with %s', (_what, text, said) => {
    expect(readPrivateKey(text)).toEqual({ problem: expect.stringContaining(said) as string });
  });
});
