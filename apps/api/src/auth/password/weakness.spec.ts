import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weaknessOf } from './weakness.js';

const maria = { username: 'maria.weber', displayName: 'Maria Weber' };

describe('what makes a password weak (ASVS 6.2.4, 6.2.11)', () => {
  it.each([
    ['aaaaaaaaaaaa', 'one character'],
    ['121212121212', 'two characters'],
    ['hello1hello1', 'one block twice'],
    ['123456789012', 'digits in a row'],
    ['qwertyuiop123', 'a row of the keyboard'],
    ['POIUYTREWQ!!', 'the same backwards'],
    ['1qaz2wsx3edc', 'keys from top to bottom'],
    ['abcdefghijkl', 'the alphabet'],
    ['Password1234', 'a common word with a number'],
    ['P@ssw0rd!2026'.slice(0, 12), 'the same written otherwise'],
    ['Administrator1', 'what one is'],
    ['Summer2026!!', 'a season and its year'],
    ['maria.weber12', 'one’s own name'],
    ['Weber-Maria-1', 'the same the other way round'],
    ['aiopsaiops99', 'the name of the product'],
  ])('%s: %s', (password) => {
    expect(weaknessOf(password, maria)).toMatch(/^It /);
  });

  it.each([
    ['correct horse battery'],
    ['a long enough password'],
    ['given by an administrator'],
    ['kT9$vLq2mZ#8'],
    ['ein langer Satz mit Umlauten: äöü'],
    ['三个不同的词语放在一起就好了'],
  ])('%s is not', (password) => {
    expect(weaknessOf(password, maria)).toBeNull();
  });

  it('finds an answer for every text, whatever is in it, and hardly ever anything wrong with chance', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (password, username) => {
        expect([null, 'string']).toContain(weaknessOf(password, { username }) && 'string');
      }),
    );
    const random = fc.uint8Array({ minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(random, (bytes) => {
        fc.pre(new Set(bytes).size > 10);
        expect(weaknessOf(Buffer.from(bytes).toString('base64url'), maria)).toBeNull();
      }),
    );
  });
});
