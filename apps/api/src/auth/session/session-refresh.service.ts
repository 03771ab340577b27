import { Injectable, Logger } from '@nestjs/common';
import {
  AppConfig,
  AuditLog,
  CallContext,
  Clock,
  DatabaseSession,
  EventBus,
  UserError,
} from '../../platform/index.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { KnownSessions } from './known-sessions.js';
import { RefreshTokenRepository, type RefreshToken } from './refresh-token.repository.js';
import {
  generateRefreshToken,
  hashRefreshToken,
  openSuccessor,
  sealSuccessor,
} from './refresh-token.secret.js';
import { wordsFor, type Ending } from './ending.js';
import { judgeToken, standingOf } from './session-rules.js';
import { SessionRepository, type Session } from './session.repository.js';
import { deviceOf, type OpenSession } from './session.service.js';

type Outcome =
  | { kind: 'refused'; why: Ending | null }
  | { kind: 'stolen'; session: Session }
  | ({ kind: 'open' } & OpenSession);

const refused = (why: Ending | null = null): Outcome => ({ kind: 'refused', why });

/**
 * Lets a session go on: for each refresh token there is one other, once. A token that comes back after that shows that
 * two parties have it, and nobody can tell which of them is the thief: the session ends for both.
 */
@Injectable()
export class SessionRefresh {
  private readonly logger = new Logger('auth');

  constructor(
    private readonly sessions: SessionRepository,
    private readonly tokens: RefreshTokenRepository,
    private readonly users: UserRepository,
    private readonly known: KnownSessions,
    private readonly calls: CallContext,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws UserError `unauthenticated`, which says why a session is over to who has a token of it, and to others nothing
   */
  async refresh(presented: string | null): Promise<OpenSession> {
    const outcome =
      presented === null ? refused() : await this.transactions.transaction(() => this.decide(presented));
    if (outcome.kind === 'open') return outcome;
    // What was stored about the theft stays.
    if (outcome.kind === 'stolen') {
      this.known.forget(outcome.session.id);
      this.logger.warn(
        { session: outcome.session.id },
        'a refresh token was used twice: its session was ended',
      );
    }
    throw new UserError(
      'unauthenticated',
      wordsFor(outcome.kind === 'stolen' ? 'token_reused' : outcome.why),
    );
  }

  private async decide(presented: string): Promise<Outcome> {
    const hash = hashRefreshToken(presented);
    const first = await this.tokens.find(hash);
    if (first === null) return refused();
    // Whoever refreshes the same session at this moment goes before or after, and what counts is what they left.
    const session = await this.sessions.findLocked(first.sessionId);
    const token = await this.tokens.find(hash);
    if (session === null || token === null) return refused();
    const now = this.clock.now();
    const standing = standingOf(session, now, this.config.settings.SESSION_IDLE_TIMEOUT_MS);
    if (standing !== 'live') return refused(standing === 'ended' ? session.endReason : standing);
    const user = await this.users.find(session.userId);
    if (user === null || user.disabled || user.tokenVersion !== session.tokenVersion)
      return refused('access_changed');
    if (judgeToken(token, now) === 'reuse') return this.stop(session, user, now);
    return {
      kind: 'open',
      session,
      user,
      refreshToken: await this.successorOf(presented, token, session, now),
    };
  }

  private async successorOf(
    presented: string,
    token: RefreshToken,
    session: Session,
    now: Date,
  ): Promise<string> {
    if (token.successor !== null) return openSuccessor(presented, token.successor);
    const successor = generateRefreshToken();
    await this.tokens.markUsed(token.hash, now, sealSuccessor(presented, successor));
    await this.tokens.add(hashRefreshToken(successor), session.id, now);
    await this.sessions.noteRefresh(session.id, { lastActiveAt: now, ...deviceOf(this.calls) });
    return successor;
  }

  private async stop(session: Session, user: User, now: Date): Promise<Outcome> {
    await this.sessions.end([session.id], now, 'token_reused');
    await this.audit.record({
      action: 'session.token_reused',
      subject: { kind: 'session', id: session.id, name: null },
      actor: { kind: 'user', id: user.id, name: user.username },
      outcome: 'refused',
      reason: 'A refresh token was used a second time. Somebody else may have it, so the session was ended.',
    });
    await this.events.emit('access.changed.v1', { kind: 'session', id: session.id });
    return { kind: 'stolen', session };
  }
}
