import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { UnexpectedError } from '../errors/errors.js';
import { openEnvelope, rewrapEnvelope, sealEnvelope } from './envelope.js';

/** A secret at rest: which key of ENCRYPTION_KEYS wraps it, and its envelope. */
export interface SealedSecret {
  keyId: string;
  sealed: string;
}

interface EncryptionKey {
  id: string;
  key: Buffer;
}

/**
 * Encrypts secrets under the newest of ENCRYPTION_KEYS and decrypts under any of them. `context` (e.g.
 * `credential:<id>`) is authenticated with it, so that a stored secret cannot be moved to another row.
 */
@Injectable()
export class SecretBox {
  constructor(private readonly config: AppConfig) {}

  /** Id of the key that secrets are sealed under now. */
  get newestKeyId(): string {
    return this.newest().id;
  }

  seal(plain: string, context: string): SealedSecret {
    const { id, key } = this.newest();
    return { keyId: id, sealed: sealEnvelope(plain, key, context) };
  }

  /** @throws UnexpectedError when the key is gone or the stored text was changed. */
  open({ keyId, sealed }: SealedSecret, context: string): string {
    const { key } = this.keyOf(keyId);
    return this.decrypting(context, () => openEnvelope(sealed, key, context));
  }

  /** The same secret under the newest key, without decrypting it. @throws UnexpectedError as `open` */
  rewrap({ keyId, sealed }: SealedSecret, context: string): SealedSecret {
    const { key } = this.keyOf(keyId);
    const newest = this.newest();
    const anew = this.decrypting(context, () => rewrapEnvelope(sealed, key, newest.key, context));
    return { keyId: newest.id, sealed: anew };
  }

  private newest(): EncryptionKey {
    const [newest] = this.config.settings.ENCRYPTION_KEYS;
    if (newest === undefined) throw new UnexpectedError('There is no encryption key');
    return newest;
  }

  private keyOf(id: string): EncryptionKey {
    const key = this.config.settings.ENCRYPTION_KEYS.find((candidate) => candidate.id === id);
    if (key === undefined) {
      throw new UnexpectedError(`The encryption key "${id}" is not in ENCRYPTION_KEYS any more`);
    }
    return key;
  }

  private decrypting<T>(context: string, work: () => T): T {
    try {
      return work();
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
