import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import type { FactorCount } from './factor-rules.js';
import { PasskeyEntity } from './passkey.entity.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { TotpFactorEntity } from './totp-factor.entity.js';

export type TotpFactor = Omit<TotpFactorEntity, 'user'>;
export type RecoveryCode = Omit<RecoveryCodeEntity, 'user'>;
export type Passkey = Omit<PasskeyEntity, 'user'>;

/** What people have besides their passwords. */
@Injectable()
export class FactorRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** The factors that count of a user. */
  async count(userId: string): Promise<FactorCount> {
    const { manager } = this.session;
    return {
      totp: await manager.existsBy(TotpFactorEntity, { userId, confirmedAt: Not(IsNull()) }),
      passkeys: await manager.countBy(PasskeyEntity, { userId }),
    };
  }

  /** The secret of a user's app, confirmed or not; unchanged by anyone else until a transaction ends. */
  totp(userId: string): Promise<TotpFactor | null> {
    const lock = this.session.inTransaction ? { lock: { mode: 'pessimistic_write' as const } } : {};
    return this.session.manager.findOne(TotpFactorEntity, { where: { userId }, ...lock });
  }

  async storeTotp(factor: TotpFactor): Promise<void> {
    await this.session.manager.upsert(TotpFactorEntity, factor, ['userId']);
  }

  /** Takes a code of this step, once: @returns false when it, or a later one, was taken already. */
  async takeStep(userId: string, step: number): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .update(TotpFactorEntity)
      .set({ lastStep: step })
      .where('user_id = :userId AND (last_step IS NULL OR last_step < :step)', { userId, step })
      .execute();
    return result.affected === 1;
  }

  async removeTotp(userId: string): Promise<void> {
    await this.session.manager.delete(TotpFactorEntity, { userId });
  }

  countUnusedCodes(userId: string): Promise<number> {
    return this.session.manager.countBy(RecoveryCodeEntity, { userId, usedAt: IsNull() });
  }

  /** Codes that were not used yet. */
  unusedCodes(userId: string): Promise<RecoveryCode[]> {
    return this.session.manager.find(RecoveryCodeEntity, { where: { userId, usedAt: IsNull() } });
  }

  /** New codes in place of all that there were. */
  async replaceCodes(userId: string, codes: RecoveryCode[]): Promise<void> {
    await this.session.manager.delete(RecoveryCodeEntity, { userId });
    if (codes.length > 0) await this.session.manager.insert(RecoveryCodeEntity, codes);
  }

  /** @returns false when somebody else used it a moment ago */
  async useCode(id: string, at: Date): Promise<boolean> {
    const result = await this.session.manager.update(
      RecoveryCodeEntity,
      { id, usedAt: IsNull() },
      { usedAt: at },
    );
    return result.affected === 1;
  }

  passkeys(userId: string): Promise<Passkey[]> {
    return this.session.manager.find(PasskeyEntity, {
      where: { userId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  passkeyOf(credentialId: string): Promise<Passkey | null> {
    return this.session.manager.findOneBy(PasskeyEntity, { credentialId });
  }

  /** @returns false when this key is known already */
  async addPasskey(passkey: Passkey): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(PasskeyEntity)
      .values(passkey)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** Notes a use. @returns false when the count is not beyond the last one, as with a copy of the key */
  async usePasskey(id: string, counter: number, at: Date): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .update(PasskeyEntity)
      .set({ counter: String(counter), lastUsedAt: at })
      .where('id = :id AND (counter < :counter OR (counter = 0 AND :counter = 0))', { id, counter })
      .execute();
    return result.affected === 1;
  }

  async removePasskey(userId: string, id: string): Promise<boolean> {
    const result = await this.session.manager.delete(PasskeyEntity, { userId, id });
    return result.affected === 1;
  }

  async removeAll(userId: string): Promise<void> {
    await this.removeTotp(userId);
    await this.replaceCodes(userId, []);
    await this.session.manager.delete(PasskeyEntity, { userId });
  }
}
