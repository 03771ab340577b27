import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';

/** 256 bits; OWASP ASVS 5.0, 7.2.3, asks for 128. */
const TOKEN_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const generateRefreshToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What of a token is stored and looked up. */
export const hashRefreshToken = (token: string): string => hash('sha256', token, 'base64url');

/**
 * Seals the successor of a token so that only who has that token can read it. The database knows the token as a hash,
 * and so neither it nor a copy of it gives the successor away.
 */
export function sealSuccessor(token: string, successor: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), nonce);
  const body = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
}

/** @throws when the bytes are none that `sealSuccessor` made with this token */
export function openSuccessor(token: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const body = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}

const keyOf = (token: string): Buffer => Buffer.from(hkdfSync('sha256', token, '', 'aiops refresh v1', 32));
