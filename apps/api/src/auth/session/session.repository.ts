import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, Not, type FindOptionsWhere } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import type { User } from '../user/user.repository.js';
import type { AuthMethod, EndReason } from './session-rules.js';
import { SessionEntity } from './session.entity.js';

/** A person signed in on one device. */
export type Session = Omit<SessionEntity, 'user'>;
/** A session with whom it lets in. */
export interface SessionOfUser {
  session: Session;
  user: User;
}

/** Which sessions still let somebody in. */
export interface LiveAt {
  now: Date;
  idleMs: number;
}

const LIVE = 'session.endedAt IS NULL AND session.expiresAt > :now AND session.lastActiveAt > :activeSince';
const live = ({ now, idleMs }: LiveAt): object => ({ now, activeSince: new Date(now.getTime() - idleMs) });

@Injectable()
export class SessionRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** All that lets somebody in, last used first. */
  allLive(userId: string, at: LiveAt): Promise<Session[]> {
    return this.session.manager
      .createQueryBuilder(SessionEntity, 'session')
      .where('session.userId = :userId', { userId })
      .andWhere(LIVE, live(at))
      .orderBy('session.lastActiveAt', 'DESC')
      .addOrderBy('session.id', 'DESC')
      .getMany();
  }

  /** A session and its user, in one look. */
  async findWithUser(id: string): Promise<SessionOfUser | null> {
    const found = await this.session.manager
      .createQueryBuilder(SessionEntity, 'session')
      .innerJoinAndSelect('session.user', 'user')
      .where('session.id = :id', { id })
      .getOne();
    return found === null ? null : { session: found, user: found.user };
  }

  find(id: string): Promise<Session | null> {
    return this.session.manager.findOneBy(SessionEntity, { id });
  }

  async confirm(id: string, at: Date): Promise<void> {
    await this.session.manager.update(SessionEntity, { id }, { confirmedAt: at });
  }

  async addMethod(id: string, method: AuthMethod): Promise<void> {
    await this.session.manager
      .createQueryBuilder()
      .update(SessionEntity)
      .set({ methods: () => 'array_append(methods, :method)' })
      .where('id = :id AND NOT (:method = ANY(methods))', { id, method })
      .execute();
  }

  /** The session, unchanged by anyone else until the transaction ends. */
  findLocked(id: string): Promise<Session | null> {
    return this.session.manager.findOne(SessionEntity, {
      where: { id },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async add(session: Session): Promise<void> {
    await this.session.manager.insert(SessionEntity, session);
  }

  async noteRefresh(
    id: string,
    facts: Pick<Session, 'lastActiveAt' | 'address' | 'userAgent'>,
  ): Promise<void> {
    await this.session.manager.update(SessionEntity, { id }, facts);
  }

  /** Notes that a session is in use, unless a later use is noted already. */
  async touch(id: string, at: Date): Promise<void> {
    await this.session.manager.update(
      SessionEntity,
      { id, endedAt: IsNull(), lastActiveAt: LessThan(at) },
      { lastActiveAt: at },
    );
  }

  /** Ends these sessions where they have not ended yet. @returns which ones those are */
  end(ids: readonly string[], at: Date, reason: EndReason): Promise<string[]> {
    return this.endWhere({ id: In([...ids]) }, at, reason);
  }

  /** Ends all sessions of a user. @returns which ones those are */
  endAllOf(userId: string, at: Date, reason: EndReason): Promise<string[]> {
    return this.endWhere({ userId }, at, reason);
  }

  /** Ends all sessions of a user but one. @returns which ones those are */
  endOthersOf(userId: string, kept: string, at: Date, reason: EndReason): Promise<string[]> {
    return this.endWhere({ userId, id: Not(kept) }, at, reason);
  }

  /** Takes a session over to another version of its user, with which it would otherwise end. */
  async carryOver(id: string, tokenVersion: number): Promise<void> {
    await this.session.manager.update(SessionEntity, { id }, { tokenVersion });
  }

  /** Whether this user was signed in from this address lately. */
  isKnownAddress(userId: string, address: string): Promise<boolean> {
    return this.session.manager.existsBy(SessionEntity, { userId, address });
  }

  /** Removes sessions that ended, ran out or were used last before `at`. @returns how many */
  async removeOver(at: Date): Promise<number> {
    const result = await this.session.manager
      .createQueryBuilder()
      .delete()
      .from(SessionEntity)
      .where('ended_at < :at OR expires_at < :at OR last_active_at < :at', { at })
      .execute();
    return result.affected ?? 0;
  }

  private async endWhere(
    which: FindOptionsWhere<SessionEntity>,
    at: Date,
    reason: EndReason,
  ): Promise<string[]> {
    const result = await this.session.manager
      .createQueryBuilder()
      .update(SessionEntity)
      .set({ endedAt: at, endReason: reason })
      .where({ ...which, endedAt: IsNull() })
      .returning('id')
      .execute();
    return (result.raw as { id: string }[]).map(({ id }) => id);
  }
}
