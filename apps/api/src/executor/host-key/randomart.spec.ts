import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { blobOf, Keygen } from './keygen.fixture.js';
import { readPublicKey } from './public-key.js';
import { randomart } from './randomart.js';

const keygen = new Keygen();
afterAll(() => keygen.remove());

describe('randomart', () => {
  it.each([
    ['ed25519', undefined],
    ['rsa', 2048],
    ['rsa', 3072],
    ['ecdsa', 256],
    ['ecdsa', 384],
    ['ecdsa', 521],
  ] as const)('draws an %s key (%s bits) exactly as ssh-keygen -lv does', (type, bits) => {
    for (let round = 0; round < 3; round++) {
      const name = `${type}-${bits ?? ''}-${round}`;
      const key = readPublicKey(blobOf(keygen.key(name, type, bits)));
      const shown = keygen.run('-lv', '-f', `${name}.pub`).trimEnd().split('\n');
      expect(randomart(key.fingerprint, key).split('\n')).toEqual(shown.slice(1));
    }
  });

  it('draws what it knows by the fingerprint alone, with a question mark for the type', () => {
    const art = randomart('SHA256:X8YxCCRiG8vrLIcSzyO8pWHKtB4u6tXzj5w76hfWRBo', {
      algorithm: null,
      bits: null,
    });
    expect(art).toBe(
      [
        '+-------[?]-------+',
        '|    + ..o        |',
        '|   o = E o .     |',
        '|    +   + . o    |',
        '|     . . . . o   |',
        '|.   .   S   +    |',
        '|.+ +.  o o o     |',
        '|o**o+o. . .      |',
        '|BoO+  +oo        |',
        '|BO  .oo*+.       |',
        '+----[SHA256]-----+',
      ].join('\n'),
    );
  });

  it('always is a board of 17 by 9 with one end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
        const fingerprint = `SHA256:${Buffer.from(digest).toString('base64').replace(/=+$/, '')}`;
        const lines = randomart(fingerprint, { algorithm: 'ssh-rsa', bits: 3072 }).split('\n');
        expect(lines.map((line) => line.length)).toEqual(Array.from({ length: 11 }, () => 19));
        expect(lines.slice(1, -1).join('').split('E')).toHaveLength(2);
      }),
    );
  });
});
