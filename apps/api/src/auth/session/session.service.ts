import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import {
  AppConfig,
  AuditLog,
  CallContext,
  Clock,
  DatabaseSession,
  EventBus,
  Lists,
  newId,
  UserError,
  type Page,
} from '../../platform/index.js';
import type { User } from '../user/user.repository.js';
import type { SessionOfCaller } from './current-session.js';
import { deviceName } from './device.js';
import { KnownSessions } from './known-sessions.js';
import { RefreshTokenRepository } from './refresh-token.repository.js';
import { generateRefreshToken, hashRefreshToken } from './refresh-token.secret.js';
import { standingOf, type AuthMethod, type EndReason } from './session-rules.js';
import { SessionRepository, type LiveAt, type Session, type SessionOfUser } from './session.repository.js';

/** Sessions that one person may have at once; with one more, the one that was not used for longest ends. */
const MOST_SESSIONS = 50;

/** A session that begins or goes on, with the token that refreshes it next. */
export interface OpenSession {
  session: Session;
  user: User;
  refreshToken: string;
}

/** Begins, lists and ends sessions. */
@Injectable()
export class SessionService {
  constructor(
    private readonly repository: SessionRepository,
    private readonly tokens: RefreshTokenRepository,
    private readonly known: KnownSessions,
    private readonly calls: CallContext,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
    private readonly lists: Lists,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a session for somebody who proved who they are, in place of the one whose refresh token the same browser
   * still had (OWASP ASVS 5.0, 7.2.4). Joins a transaction that is under way.
   */
  async open(user: User, methods: readonly AuthMethod[], presented: string | null): Promise<OpenSession> {
    const now = this.clock.now();
    const refreshToken = generateRefreshToken();
    const session: Session = {
      id: newId(),
      userId: user.id,
      tokenVersion: user.tokenVersion,
      methods: [...methods],
      ...this.device(),
      createdAt: now,
      confirmedAt: now,
      lastActiveAt: now,
      expiresAt: new Date(now.getTime() + this.config.settings.SESSION_LIFETIME_MS),
      endedAt: null,
      endReason: null,
    };
    const ended = await this.transactions.transaction(async () => {
      await this.repository.add(session);
      await this.tokens.add(hashRefreshToken(refreshToken), session.id, now);
      return [...(await this.endPresented(presented)), ...(await this.endSurplus(user.id))];
    });
    for (const id of ended) this.known.forget(id);
    return { session, user, refreshToken };
  }

  find(id: string): Promise<Session | null> {
    return this.repository.find(id);
  }

  /** Its person has just proved once more who they are. */
  async confirm(id: string): Promise<void> {
    await this.repository.confirm(id, this.clock.now());
  }

  /** Its person has proved more about themselves than when they signed in. Belongs into a transaction. */
  async strengthen(id: string, method: AuthMethod): Promise<void> {
    await this.repository.addMethod(id, method);
    await this.events.emit('session.strengthened.v1', { id });
  }

  /** The next request of a session sees what has just become of it. */
  lookAnew(id: string): void {
    this.known.forget(id);
  }

  /** A user's sessions that let them in; few enough to be at hand at once. */
  async list(userId: string, query: ListQuery): Promise<Page<Session>> {
    const live = await this.repository.allLive(userId, this.liveAt());
    return this.lists.pageOf(live, query, {
      name: `sessions ${userId}`,
      id: ({ id }) => id,
      columns: {
        last_active_at: ({ lastActiveAt }) => lastActiveAt.toISOString(),
        created_at: ({ createdAt }) => createdAt.toISOString(),
      },
      fallback: '-last_active_at',
      texts: ({ userAgent, address }) => [deviceName(userAgent), userAgent, address],
    });
  }

  /** Ends one of a user's sessions. @throws UserError `not_found` for one that is over, or somebody else's */
  async endOne(userId: string, id: string): Promise<void> {
    await this.transactions.transaction(async () => {
      const session = await this.repository.findLocked(id);
      const { now, idleMs } = this.liveAt();
      if (session?.userId !== userId || standingOf(session, now, idleMs) !== 'live') {
        throw UserError.notFound('session', id);
      }
      await this.end([id], 'ended_by_user');
    });
    this.known.forget(id);
  }

  /** Ends every session of a user but the one in which they act. */
  async endOthers({ userId, sessionId }: SessionOfCaller): Promise<void> {
    const reason = 'ended_by_user';
    const ended = await this.transactions.transaction(async () => {
      const ids = await this.repository.endOthersOf(userId, sessionId, this.clock.now(), reason);
      return this.tell(ids, reason);
    });
    for (const id of ended) this.known.forget(id);
  }

  /** Ends every session of a user whose access changed but the one in which they act, which goes on with it. */
  async keepOnly({ userId, sessionId }: SessionOfCaller, tokenVersion: number): Promise<void> {
    await this.repository.carryOver(sessionId, tokenVersion);
    const reason = 'access_changed';
    await this.tell(await this.repository.endOthersOf(userId, sessionId, this.clock.now(), reason), reason);
    // The other replicas are to know at once what this session may do now.
    await this.events.emit('access.changed.v1', { kind: 'session', id: sessionId });
  }

  /** Ends every session of a user: on all devices, and on every replica. */
  async endAll(userId: string, reason: EndReason): Promise<void> {
    await this.transactions.transaction(async () => {
      const ids = await this.repository.endAllOf(userId, this.clock.now(), reason);
      await this.recordEnd(ids, reason);
      await this.events.emit('access.changed.v1', { kind: 'user', id: userId });
    });
    this.known.forgetAll();
  }

  /** The session of a refresh token and whose it is, whatever became of it. */
  async ofToken(presented: string | null): Promise<SessionOfUser | null> {
    const token = presented === null ? null : await this.tokens.find(hashRefreshToken(presented));
    return token === null ? null : this.repository.findWithUser(token.sessionId);
  }

  /** Ends a session because its person wants to go; one that has ended stays as it is. */
  async signOut(id: string): Promise<void> {
    await this.transactions.transaction(() => this.end([id], 'signed_out'));
    this.known.forget(id);
  }

  private async endPresented(presented: string | null): Promise<string[]> {
    const found = await this.ofToken(presented);
    return found === null ? [] : this.end([found.session.id], 'replaced');
  }

  private async endSurplus(userId: string): Promise<string[]> {
    const live = await this.repository.allLive(userId, this.liveAt());
    const surplus = live.slice(MOST_SESSIONS).map(({ id }) => id);
    return surplus.length === 0 ? [] : this.end(surplus, 'too_many');
  }

  /** Ends sessions and tells everybody; belongs into a transaction. */
  private async end(ids: string[], reason: EndReason): Promise<string[]> {
    return this.tell(await this.repository.end(ids, this.clock.now(), reason), reason);
  }

  private async tell(ended: string[], reason: EndReason): Promise<string[]> {
    await this.recordEnd(ended, reason);
    for (const id of ended) await this.events.emit('access.changed.v1', { kind: 'session', id });
    return ended;
  }

  private async recordEnd(ids: string[], reason: EndReason): Promise<void> {
    await this.audit.recordAll(
      ids.map((id) => ({
        action: 'session.ended' as const,
        subject: { kind: 'session' as const, id, name: null },
        reason,
      })),
    );
  }

  private liveAt(): LiveAt {
    return { now: this.clock.now(), idleMs: this.config.settings.SESSION_IDLE_TIMEOUT_MS };
  }

  private device(): Pick<Session, 'address' | 'userAgent'> {
    return deviceOf(this.calls);
  }
}

/** Browsers send about 120 characters; whoever sends more need not be known by all of them. */
const LONGEST_AGENT = 400;

/** From where the call under way comes. */
export function deviceOf({ origin }: CallContext): Pick<Session, 'address' | 'userAgent'> {
  const agent = origin?.userAgent?.replaceAll('\0', '').slice(0, LONGEST_AGENT).toWellFormed();
  return { address: origin?.remoteAddress ?? '', userAgent: agent ?? null };
}
