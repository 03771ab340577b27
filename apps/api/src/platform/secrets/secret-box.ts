import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { UnexpectedError } from '../errors/errors.js';

/** A secret at rest: which key encrypted it, and `nonce ‖ ciphertext ‖ tag` in base64. */
export interface SealedSecret {
  keyId: string;
  sealed: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets with AES-256-GCM under the newest key and decrypts under any configured one. `context`
 * (e.g. `credential:<id>`) is authenticated with it, so that a stored secret cannot be moved to another row.
 */
@Injectable()
export class SecretBox {
  constructor(private readonly config: AppConfig) {}

  seal(plain: string, context: string): SealedSecret {
    const newest = this.config.settings.ENCRYPTION_KEYS[0];
    if (newest === undefined) throw new UnexpectedError('There is no encryption key');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return { keyId: newest.id, sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64') };
  }

  /** @throws UnexpectedError when the key is gone or the stored bytes were changed. */
  open(secret: SealedSecret, context: string): string {
    const key = this.config.settings.ENCRYPTION_KEYS.find((candidate) => candidate.id === secret.keyId);
    if (key === undefined) {
      throw new UnexpectedError(`The encryption key "${secret.keyId}" is not in ENCRYPTION_KEYS any more`);
    }
    const bytes = Buffer.from(secret.sealed, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const body = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new UnexpectedError(`A secret of ${context} cannot be decrypted`, { cause });
    }
  }
}

/** `sk-ant-***xyz`: enough to recognise a secret, nothing to use it. Short ones show nothing. */
export function maskSecret(secret: string): string {
  if (secret.length < 16) return '***';
  return `${secret.slice(0, 4)}***${secret.slice(-3)}`;
}
