import { Injectable } from '@nestjs/common';
import type { InvitationKind, ListQuery } from '@aiops/contracts';
import { IsNull } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { InvitationEntity } from './invitation.entity.js';

export type Invitation = Omit<InvitationEntity, 'user'>;

/** An arbitrary constant: one name is invited once, also by two administrators at the same moment. */
const NAME_LOCK = 5_210_774;

@Injectable()
export class InvitationRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Invitation>>> {
    const builder = this.session.manager.createQueryBuilder(InvitationEntity, 'invitation');
    if (query.q !== undefined) {
      builder.andWhere(
        '(invitation.username ILIKE :like OR invitation.displayName ILIKE :like OR invitation.email ILIKE :like)',
        { like: containing(query.q) },
      );
    }
    return this.lists.sparse(builder, query, {
      columns: {
        username: { property: 'username', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: '-created_at',
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Invitation> | null> {
    const builder = this.session.manager.createQueryBuilder(InvitationEntity, 'invitation').where({ id });
    return this.lists.one(builder, reads);
  }

  findByToken(tokenHash: string): Promise<Invitation | null> {
    return this.session.manager.findOneBy(InvitationEntity, { tokenHash });
  }

  /** The link, unchanged by anyone else until the transaction ends. */
  findLocked(which: { id: string } | { tokenHash: string }): Promise<Invitation | null> {
    return this.session.manager.findOne(InvitationEntity, {
      where: which,
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Those for a name that were neither accepted nor revoked; whoever asks is alone in asking until the transaction ends. */
  async findUnused(kind: InvitationKind, username: string): Promise<Invitation[]> {
    await this.session.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [
      username,
      NAME_LOCK,
    ]);
    return this.session.manager.findBy(InvitationEntity, {
      kind,
      username,
      acceptedAt: IsNull(),
      revokedAt: IsNull(),
    });
  }

  async save(invitation: Invitation): Promise<void> {
    await this.session.manager.save(InvitationEntity, invitation);
  }

  async noteSent(id: string, at: Date): Promise<void> {
    await this.session.manager.update(InvitationEntity, { id }, { sentAt: at });
  }

  /** Removes links that were used, revoked or ran out before `at`. @returns how many */
  async removeOver(at: Date): Promise<number> {
    const result = await this.session.manager
      .createQueryBuilder()
      .delete()
      .from(InvitationEntity)
      .where('coalesce(accepted_at, revoked_at, expires_at) < :at', { at })
      .execute();
    return result.affected ?? 0;
  }
}
