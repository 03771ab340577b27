import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets, SecretMasker } from './secret-masker.js';

function maskInPieces(pieces: string[], secrets: string[]): string {
  const masker = new SecretMasker(secrets);
  return pieces.map((piece) => masker.push(piece)).join('') + masker.flush();
}

describe('the masking of secrets in output', () => {
  it('replaces every secret and leaves the rest', () => {
    expect(maskSecrets('token=hunter2 user=hunter', ['hunter2'])).toBe('token=*** user=hunter');
  });

  it('finds a secret that is cut over two pieces', () => {
    expect(maskInPieces(['a hun', 'ter', '2 b'], ['hunter2'])).toBe('a *** b');
  });

  it('gives out at once what cannot be part of a secret', () => {
    const masker = new SecretMasker(['hunter2']);
    expect(masker.push('hello hun')).toBe('hello ');
    expect(masker.push('gry')).toBe('hungry');
  });

  it('masks the longer of two secrets that begin alike, and one that ends as it begins', () => {
    expect(maskInPieces(['abc', 'def'], ['abc', 'abcdef'])).toBe('***');
    expect(maskInPieces(['ab', 'a'], ['aba'])).toBe('***');
    expect(maskInPieces(['abc', 'd'], ['bc', 'abcd'])).toBe('***');
  });

  it('masks the lines of a secret of several lines', () => {
    expect(maskSecrets('x first-line-of-key y', ['first-line-of-key\nsecond'])).toBe('x *** y');
  });

  it('gives the same for any cut, and never shows a secret', () => {
    const alphabet = fc.constantFrom('a', 'b', 'c');
    const word = fc.array(alphabet, { minLength: 2, maxLength: 5 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(alphabet, { maxLength: 6 }), { maxLength: 8 }),
        (secrets, cuts) => {
          const pieces = cuts.map((letters) => letters.join(''));
          const masked = maskInPieces(pieces, secrets);
          expect(masked).toBe(maskSecrets(pieces.join(''), secrets));
          for (const secret of secrets) expect(masked).not.toContain(secret);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
