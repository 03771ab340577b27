import { randomInt } from 'node:crypto';

/** Digits and letters of which none looks like another: Crockford's, https://www.crockford.com/base32.html */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 3;
const GROUP = 4;
const CODES = 10;

/**
 * Codes for a person without their device, such as `7q2k-x0mf-93dp`: 60 bits each, against the 20 that OWASP ASVS 5.0
 * asks for (6.5.2, 6.5.4).
 */
export const newRecoveryCodes = (): string[] => Array.from({ length: CODES }, newCode);

function newCode(): string {
  const letters = Array.from({ length: GROUPS * GROUP }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '');
  return Array.from({ length: GROUPS }, (_none, index) =>
    letters.slice(index * GROUP, (index + 1) * GROUP).join(''),
  ).join('-');
}

/** A code as it was made, however it was typed; null for what can be none. */
export function readRecoveryCode(typed: string): string | null {
  const letters = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  if (letters.length !== GROUPS * GROUP || [...letters].some((letter) => !ALPHABET.includes(letter)))
    return null;
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}
