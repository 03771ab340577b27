import fc from 'fast-check';
import { sign } from 'node:crypto';
import { generateSshKey } from '@aiops/testing';
import { describe, expect, it } from 'vitest';
import { afterAll } from 'vitest';
import { blobOf, Keygen } from './keygen.fixture.js';
import { isSignedBy, keyLine, readKeyLine, readPublicKey } from './public-key.js';
import { WireError, wireStrings } from './wire.js';

const keygen = new Keygen();
afterAll(() => keygen.remove());

describe('readPublicKey', () => {
  it.each([
    ['ed25519', undefined, 'ssh-ed25519'],
    ['ecdsa', 256, 'ecdsa-sha2-nistp256'],
    ['ecdsa', 384, 'ecdsa-sha2-nistp384'],
    ['ecdsa', 521, 'ecdsa-sha2-nistp521'],
    ['rsa', 2048, 'ssh-rsa'],
  ] as const)('reads an %s key of %s bits as ssh-keygen -l does', (type, bits, algorithm) => {
    const line = keygen.key(`${type}${bits ?? ''}`, type, bits);
    const key = readPublicKey(blobOf(line));
    expect(key.algorithm).toBe(algorithm);
    expect(keyLine(key)).toBe(line);
    const shown = keygen.run('-l', '-f', `${type}${bits ?? ''}.pub`);
    expect(shown.startsWith(`${key.bits} ${key.fingerprint} `)).toBe(true);
  });

  it('refuses bytes that are no key, whatever they are', () => {
    const good = blobOf(generateSshKey('ed25519').public);
    fc.assert(
      fc.property(fc.nat(good.length - 1), (length) => {
        expect(() => readPublicKey(good.subarray(0, length))).toThrow(WireError);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => readPublicKey(Buffer.from(bytes))).toThrow(WireError);
      }),
    );
    expect(() => readPublicKey(Buffer.concat([good, Buffer.from([0])]))).toThrow('something follows');
    expect(() => readPublicKey(wireStrings('ssh-dss', 'x'))).toThrow('not supported');
  });

  it('says what is wrong with a line', () => {
    const [type = '', base64 = ''] = generateSshKey('ed25519').public.split(' ');
    expect(() => readKeyLine(type, base64.slice(0, -6))).toThrow('cut off');
    expect(() => readKeyLine('ssh-rsa', base64)).toThrow(
      'the line says ssh-rsa, and the key itself ssh-ed25519',
    );
    const short = keygen.key('short', 'rsa', 1024);
    expect(readPublicKey(blobOf(short)).bits).toBe(1024);
  });
});

describe('isSignedBy', () => {
  const data = Buffer.from('what was signed');

  it('knows a signature of the key from any other', () => {
    const pair = generateSshKey('rsa');
    const key = readPublicKey(blobOf(pair.public));
    const other = readPublicKey(blobOf(generateSshKey('rsa').public));
    // node:crypto does not read OpenSSH's private keys; PEM is the same key.
    keygen.write('rsa-pem', pair.private);
    keygen.run('-q', '-p', '-m', 'PEM', '-N', '', '-f', 'rsa-pem');
    const bytes = sign('sha256', data, keygen.read('rsa-pem'));
    const signature = wireStrings('rsa-sha2-256', bytes);
    expect(isSignedBy(key, data, signature)).toBe(true);
    expect(isSignedBy(other, data, signature)).toBe(false);
    expect(isSignedBy(key, Buffer.from('something else'), signature)).toBe(false);
    expect(isSignedBy(key, data, wireStrings('rsa-sha2-512', bytes))).toBe(false);
    expect(isSignedBy(key, data, Buffer.concat([signature, Buffer.from([0])]))).toBe(false);
  });

  it('refuses RSA with SHA-1, although it is one of the key', () => {
    const key = readPublicKey(blobOf(keygen.key('sha1', 'rsa', 2048)));
    keygen.run('-q', '-p', '-m', 'PEM', '-N', '', '-f', 'sha1');
    const signature = wireStrings('ssh-rsa', sign('sha1', data, keygen.read('sha1')));
    expect(isSignedBy(key, data, signature)).toBe(false);
  });

  it('takes no noise for a signature', () => {
    const keys = (['ed25519', 'ecdsa'] as const).map((type) =>
      readPublicKey(blobOf(generateSshKey(type).public)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.uint8Array(), fc.uint8Array(), (key, noise, more) => {
        expect(isSignedBy(key, data, Buffer.from(noise))).toBe(false);
        expect(isSignedBy(key, data, wireStrings(key.algorithm, Buffer.from(noise)))).toBe(false);
        const pair = wireStrings(Buffer.from(noise), Buffer.from(more));
        expect(isSignedBy(key, data, wireStrings(key.algorithm, pair))).toBe(false);
      }),
    );
  });
});
