import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRecoveryCodes, readRecoveryCode } from './recovery-code.js';

describe('recovery codes', () => {
  it('are ten, all different, in groups that can be read out', () => {
    const codes = newRecoveryCodes();
    expect(codes).toHaveLength(10);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/);
  });

  it('are known again in capitals, without dashes, with blanks, and with O for 0 and I or L for 1', () => {
    for (const code of newRecoveryCodes()) {
      expect(readRecoveryCode(code)).toBe(code);
      const typed = ` ${code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replace('1', 'l').replaceAll('1', 'I')} `;
      expect(readRecoveryCode(typed)).toBe(code);
    }
  });

  it('are nothing but what was made', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const read = readRecoveryCode(typed);
        return read === null || /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/.test(read);
      }),
    );
    for (const typed of ['', '123456', 'u234-5678-9abc', '1234-5678-9abcd'])
      expect(readRecoveryCode(typed)).toBeNull();
  });
});
