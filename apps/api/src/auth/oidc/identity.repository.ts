import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';
import { IdentityEntity } from './identity.entity.js';

export type Identity = Pick<IdentityEntity, 'issuer' | 'subject' | 'userId' | 'createdAt'>;

@Injectable()
export class IdentityRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** The identity; until the transaction ends nobody else makes it or asks for it this way. */
  async findLocked(issuer: string, subject: string): Promise<Identity | null> {
    const key = JSON.stringify([issuer, subject]);
    await this.session.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 5210773))', [key]);
    return this.session.manager.findOneBy(IdentityEntity, { issuer, subject });
  }

  async add(identity: Identity): Promise<void> {
    await this.session.manager.insert(IdentityEntity, identity);
  }

  /** Whether the user is one of this provider's people. */
  isOf(issuer: string, userId: string): Promise<boolean> {
    return this.session.manager.existsBy(IdentityEntity, { issuer, userId });
  }
}
