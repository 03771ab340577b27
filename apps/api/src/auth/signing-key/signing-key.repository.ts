import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import { SigningKeyEntity } from './signing-key.entity.js';

/** A key as it is stored: encrypted. */
export type StoredSigningKey = Pick<SigningKeyEntity, keyof SigningKeyEntity>;

/** An arbitrary constant: of engines that start together, or people who rotate together, one goes first. */
const SIGNING_KEYS_LOCK = 5_210_773;

@Injectable()
export class SigningKeyRepository {
  constructor(private readonly session: DatabaseSession) {}

  all(): Promise<StoredSigningKey[]> {
    return this.session.manager.find(SigningKeyEntity, { order: { createdAt: 'DESC', kid: 'DESC' } });
  }

  /** Whoever asks for this in a transaction is alone in changing keys until it ends. */
  async lock(): Promise<void> {
    await this.session.manager.query('SELECT pg_advisory_xact_lock($1)', [SIGNING_KEYS_LOCK]);
  }

  async add(key: StoredSigningKey): Promise<void> {
    await this.session.manager.insert(SigningKeyEntity, key);
  }

  /** Lets every key that still signs be accepted until `at`, and no longer. */
  async retireAt(at: Date): Promise<void> {
    await this.session.manager.update(SigningKeyEntity, { retiresAt: IsNull() }, { retiresAt: at });
  }

  async remove(kid: string): Promise<void> {
    await this.session.manager.delete(SigningKeyEntity, { kid });
  }

  /** Removes keys whose time is over. @returns how many */
  async removeRetired(now: Date): Promise<number> {
    const result = await this.session.manager.delete(SigningKeyEntity, { retiresAt: LessThanOrEqual(now) });
    return result.affected ?? 0;
  }
}
