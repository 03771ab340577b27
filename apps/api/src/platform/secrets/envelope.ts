import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const VERSION = 'e1';

/**
 * Envelope encryption: a key made for this one text encrypts it, and the key-encryption key wraps that key. So a new
 * key-encryption key means wrapping 32 bytes anew and never decrypting the text (NIST SP 800-57 part 1, 5.3.5 and
 * OWASP Cryptographic Storage Cheat Sheet, "Encrypting stored keys"). Both with AES-256-GCM; `context` is authenticated
 * in both, so that neither part can be moved to another place.
 * @returns `e1.<wrapped key>.<text>`, both in base64 as `nonce ‖ ciphertext ‖ tag`
 */
export function sealEnvelope(plain: string, keyEncryptionKey: Buffer, context: string): string {
  const dataKey = randomBytes(KEY_BYTES);
  const wrapped = encrypt(dataKey, keyEncryptionKey, context);
  const body = encrypt(Buffer.from(plain, 'utf8'), dataKey, context);
  dataKey.fill(0);
  return `${VERSION}.${wrapped.toString('base64')}.${body.toString('base64')}`;
}

/** @throws Error when the key is another one, the place is, or anything was changed. */
export function openEnvelope(sealed: string, keyEncryptionKey: Buffer, context: string): string {
  if (isOlderForm(sealed)) {
    return decrypt(Buffer.from(sealed, 'base64'), keyEncryptionKey, context).toString('utf8');
  }
  const { wrapped, body } = partsOf(sealed);
  const dataKey = decrypt(wrapped, keyEncryptionKey, context);
  const plain = decrypt(body, dataKey, context).toString('utf8');
  dataKey.fill(0);
  return plain;
}

/** The same envelope under another key-encryption key; what is inside stays encrypted. @throws Error as above */
export function rewrapEnvelope(sealed: string, from: Buffer, to: Buffer, context: string): string {
  if (isOlderForm(sealed)) return sealEnvelope(openEnvelope(sealed, from, context), to, context);
  const { wrapped, body } = partsOf(sealed);
  const dataKey = decrypt(wrapped, from, context);
  const anew = encrypt(dataKey, to, context);
  dataKey.fill(0);
  return `${VERSION}.${anew.toString('base64')}.${body.toString('base64')}`;
}

/** What was stored before there were envelopes: the text under the key of ENCRYPTION_KEYS itself. */
const isOlderForm = (sealed: string): boolean => !sealed.includes('.');

function partsOf(sealed: string): { wrapped: Buffer; body: Buffer } {
  const [version, wrapped, body, ...rest] = sealed.split('.');
  if (version !== VERSION || wrapped === undefined || body === undefined || rest.length > 0) {
    throw new Error('This is no envelope');
  }
  return { wrapped: Buffer.from(wrapped, 'base64'), body: Buffer.from(body, 'base64') };
}

function encrypt(plain: Buffer, key: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(bytes: Buffer, key: Buffer, context: string): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
