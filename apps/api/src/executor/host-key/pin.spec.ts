import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { blobOf, Keygen } from './keygen.fixture.js';
import { readPin } from './pin.js';
import { readPublicKey } from './public-key.js';
import { WireError } from './wire.js';

const keygen = new Keygen();
afterAll(() => keygen.remove());
const line = keygen.key('host');
const { fingerprint } = readPublicKey(blobOf(line));

describe('readPin', () => {
  it.each([
    ['a .pub file', `${line} root@web-1\n`],
    ['the key alone', `  ${line}  `],
    ['a line of known_hosts', `web-1.example,10.0.0.7 ${line}`],
    ['a line of ssh-keyscan', `[web-1.example]:2222 ${line}`],
  ])('reads %s', (_what, text) => {
    expect(readPin(text)).toEqual({ fingerprint, algorithm: 'ssh-ed25519', publicKey: line });
  });

  it('reads a fingerprint, and the type where ssh-keygen -l says it', () => {
    expect(readPin(fingerprint)).toEqual({ fingerprint, algorithm: null, publicKey: null });
    expect(readPin(`${fingerprint}=`)).toMatchObject({ fingerprint });
    for (const [type, bits, algorithm] of [
      ['ed25519', undefined, 'ssh-ed25519'],
      ['ecdsa', 384, 'ecdsa-sha2-nistp384'],
      ['rsa', 2048, 'ssh-rsa'],
    ] as const) {
      const name = `shown-${type}`;
      const key = readPublicKey(blobOf(keygen.key(name, type, bits)));
      expect(readPin(keygen.run('-l', '-f', `${name}.pub`))).toEqual({
        fingerprint: key.fingerprint,
        algorithm,
        publicKey: null,
      });
    }
  });

  it.each([
    ['', 'neither'],
    ['hello', 'neither'],
    ['no key at all', 'neither'],
    ['MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff', 'MD5'],
    ['SHA256:tooshort', 'neither'],
    [`${line}\n${line}`, 'several lines'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'private key'],
    [line.slice(0, -5), 'cut off'],
    [`@revoked * ${line}`, '@revoked belongs into the import'],
    [`web-1 ${line.slice(0, -5)}`, 'cut off'],
  ])('says what is wrong with "%s"', (text, problem) => {
    expect(() => readPin(text)).toThrow(problem);
  });

  it('takes no other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readPin(text)).toThrow(WireError);
      }),
    );
  });
});
