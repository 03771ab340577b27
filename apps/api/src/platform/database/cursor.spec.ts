import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorKeys, openCursor, sealCursor } from './cursor.js';

const keys = cursorKeys(['a secret that is long enough for this']);
const position = fc.record({ value: fc.option(fc.string({ unit: 'binary' })), id: fc.uuid() });
const scope = fc.string();

describe('a cursor (R2.3)', () => {
  it('brings back the place it was made for, in the scope it was made for', () => {
    fc.assert(
      fc.property(position, scope, scope, (place, of, other) => {
        const text = sealCursor(place, of, keys);
        expect(text).toMatch(/^[\w-]+$/);
        expect(openCursor(text, of, keys)).toEqual(place);
        if (other !== of) expect(openCursor(text, other, keys)).toBeNull();
      }),
    );
  });

  it('is refused when a single bit of it was changed', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.nat({ max: 7 }), (place, at, bit) => {
        const bytes = Buffer.from(sealCursor(place, 's', keys), 'base64url');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(openCursor(bytes.toString('base64url'), 's', keys)).toBeNull();
      }),
    );
  });

  it('is refused when it was made up', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
        expect(openCursor(text, 's', keys)).toBeNull();
      }),
    );
  });

  it('is refused in another spelling of the same bytes', () => {
    const text = sealCursor({ value: '1', id: 'x' }, 's', keys);
    for (const other of [`${text}=`, `${text}==`, ` ${text}`, `${text}\n`]) {
      expect(openCursor(other, 's', keys)).toBeNull();
    }
  });

  it('outlives a change of the secret for as long as the old one is kept', () => {
    const place = { value: null, id: 'x' };
    const [old = '', fresh = ''] = [
      'the old secret, long enough for all',
      'the new secret, long enough for all',
    ];
    const text = sealCursor(place, 's', cursorKeys([old]));
    expect(openCursor(text, 's', cursorKeys([fresh, old]))).toEqual(place);
    expect(openCursor(text, 's', cursorKeys([fresh]))).toBeNull();
  });
});
