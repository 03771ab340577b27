import { Injectable } from '@nestjs/common';
import type { PasskeyAssertion, SecondFactorInput } from '@aiops/contracts';
import { AuditLog, CallContext, Clock, DatabaseSession, UserError } from '../../platform/index.js';
import { SecondFactors, type Pending } from '../factor/second-factor.service.js';
import { SessionRefresh } from '../session/session-refresh.service.js';
import { SessionService, type OpenSession } from '../session/session.service.js';
import { actorOf, TokenService } from '../token/token.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { PasswordFactor, type Proven } from './password-factor.service.js';

/** What somebody who is signed in gets. */
export interface SignedIn {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  sessionExpiresAt: Date;
  user: User;
}

/** What a browser says with its request. */
export interface Browser {
  /** The refresh token that it still had, if any. */
  presented: string | null;
  /** The host that it called. */
  host: string | undefined;
}

/**
 * Signs people in, in three steps that know nothing of each other: a factor is proved (`PasswordFactor`), what else must
 * be proved is decided (`SecondFactors`), and a session is made (`SessionService`).
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly passwords: PasswordFactor,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionService,
    private readonly refreshes: SessionRefresh,
    private readonly tokens: TokenService,
    private readonly users: UserRepository,
    private readonly calls: CallContext,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @returns what is to be proved besides, where somebody has a second factor. @throws UserError as `PasswordFactor.prove` */
  async withPassword(
    { username, password }: { username: string; password: string },
    { presented, host }: Browser,
  ): Promise<SignedIn | Pending> {
    const proven = await this.passwords.prove(username, password, presented);
    return (await this.factors.begin(proven, host)) ?? this.complete(proven, presented);
  }

  /** The second step. @throws UserError as `SecondFactors.prove` */
  async withSecondFactor(input: SecondFactorInput, { presented, host }: Browser): Promise<SignedIn> {
    return this.complete(await this.factors.prove(input, host), presented);
  }

  /** Both steps in one. @throws UserError as `SecondFactors.provePasskey` */
  async withPasskey(
    { token, passkey }: { token: string; passkey: PasskeyAssertion },
    { presented, host }: Browser,
  ): Promise<SignedIn> {
    return this.complete(await this.factors.provePasskey(token, passkey, host), presented);
  }

  /** Makes the session of somebody who has proved all that they must. */
  async complete({ user, methods }: Proven, presented: string | null): Promise<SignedIn> {
    this.calls.identify(actorOf(user));
    const at = this.clock.now();
    const opened = await this.transactions.transaction(async () => {
      await this.users.recordLogin(user.id, at);
      await this.audit.record({
        action: 'user.signed_in',
        subject: { kind: 'user', id: user.id, name: user.username },
      });
      return this.sessions.open({ ...user, lastLoginAt: at }, methods, presented);
    });
    return this.answer(opened);
  }

  /** Another access token for a session, and the refresh token for the next one. @throws UserError `unauthenticated` */
  async refresh(presented: string | null): Promise<SignedIn> {
    return this.answer(await this.refreshes.refresh(presented));
  }

  /** Ends the sessions of a refresh token and of an access token, which are most often one, and as far as they are good. */
  async signOut(presented: string | null, accessToken: string | null): Promise<void> {
    const found = await this.sessions.ofToken(presented);
    if (found !== null) {
      this.calls.identify(actorOf(found.user));
      await this.sessions.signOut(found.session.id);
    }
    const identity = accessToken === null ? null : await this.tokens.verify(accessToken).catch(nobody);
    if (identity === null) return;
    this.calls.identify(identity.actor);
    await this.sessions.signOut(identity.sessionId);
  }

  private async answer({ session, user, refreshToken }: OpenSession): Promise<SignedIn> {
    const { token, expiresIn } = await this.tokens.issueAccess(user, session);
    return { accessToken: token, expiresIn, refreshToken, sessionExpiresAt: session.expiresAt, user };
  }
}

/** Who a token that is not good any more belongs to. */
function nobody(error: unknown): null {
  if (error instanceof UserError) return null;
  throw error;
}
