import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, stepOf, totpUri } from './totp.js';

const secret = Secret.fromLatin1('12345678901234567890').base32;
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('one-time codes', () => {
  // RFC 6238, appendix B, of which six digits are the last six of the eight.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(stepOf(secret, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('are taken one step early or late, and no more', () => {
    expect(stepOf(secret, '287082', at(59 + 30))).toBe(1);
    expect(stepOf(secret, '287082', at(29))).toBe(1);
    expect(stepOf(secret, '287082', at(59 + 61))).toBeNull();
    expect(stepOf(secret, '287083', at(59))).toBeNull();
  });

  it('may have spaces in them, and nothing else', () => {
    expect(stepOf(secret, '287 082 ', at(59))).toBe(1);
    for (const code of ['', '28708', '2870822', '-87082', '٢٨٧٠٨٢', '0x1234']) {
      expect([code, stepOf(secret, code, at(59))]).toEqual([code, null]);
    }
  });

  it('come of a secret of 160 bits, in an address that apps read', () => {
    const fresh = newTotpSecret();
    expect(Secret.fromBase32(fresh).bytes).toHaveLength(20);
    expect(newTotpSecret()).not.toBe(fresh);
    const uri = new URL(totpUri(fresh, 'maria@example.com'));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/AIOps:maria@example.com');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      secret: fresh,
      issuer: 'AIOps',
      digits: '6',
    });
  });
});
