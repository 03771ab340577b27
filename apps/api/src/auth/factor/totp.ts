import { Secret, TOTP } from 'otpauth';

/**
 * One-time codes of RFC 6238 as every authenticator app makes them: HMAC-SHA-1, six digits, 30 seconds. (Google
 * Authenticator and others read nothing else out of the address.)
 */
const PERIOD_S = 30;
/** The codes before and after are taken too: clocks differ, and people type slowly (RFC 6238, 5.2). */
const WINDOW = 1;
/** 160 bits, as long as the output of the hash (RFC 4226, 4). */
const SECRET_BYTES = 20;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({
    issuer: 'AIOps',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });

/** A secret for an authenticator app, in base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that apps read from a QR code: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export const totpUri = (secret: string, username: string): string => totpOf(secret, username).toString();

/** The time step whose code this is, null for none that is near. Spaces, as apps show them, do not count. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const token = code.replaceAll(/\s/g, '');
  if (!/^[0-9]{6}$/.test(token)) return null;
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_S) + delta;
}
