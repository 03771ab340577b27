import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';

export type RefreshToken = Omit<RefreshTokenEntity, 'session'>;

@Injectable()
export class RefreshTokenRepository {
  constructor(private readonly session: DatabaseSession) {}

  find(hash: string): Promise<RefreshToken | null> {
    return this.session.manager.findOneBy(RefreshTokenEntity, { hash });
  }

  async add(hash: string, sessionId: string, issuedAt: Date): Promise<void> {
    await this.session.manager.insert(RefreshTokenEntity, {
      ...{ hash, sessionId, issuedAt },
      ...{ usedAt: null, successor: null },
    });
  }

  async markUsed(hash: string, usedAt: Date, successor: string): Promise<void> {
    await this.session.manager.update(RefreshTokenEntity, { hash }, { usedAt, successor });
  }

  /** Removes tokens that were used before `at`. @returns how many */
  async removeUsed(at: Date): Promise<number> {
    return (await this.session.manager.delete(RefreshTokenEntity, { usedAt: LessThan(at) })).affected ?? 0;
  }
}
