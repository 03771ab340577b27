import { Injectable } from '@nestjs/common';
import type { AuditActionOf, PasskeyRegistration } from '@aiops/contracts';
import { AppConfig, AuditLog, Clock, DatabaseSession, UserError } from '../../platform/index.js';
import { Passwords } from '../password.js';
import type { AuthMethod } from '../session/session-rules.js';
import { SessionService } from '../session/session.service.js';
import type { Session } from '../session/session.repository.js';
import { LoginThrottle } from '../sign-in/login-throttle.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { Challenges } from './challenge.repository.js';
import { FactorRepository, type Passkey } from './factor.repository.js';
import { isLast, isRecent, lacksSecondFactor } from './factor-rules.js';
import { NO_PASSKEYS, Passkeys } from './passkeys.service.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { Totp } from './totp.service.js';

/** A person and the session in which they change how they sign in. */
export interface Caller {
  userId: string;
  sessionId: string;
}

/** What somebody has to prove who they are with. */
export interface Factors {
  totpSince: Date | null;
  passkeys: Passkey[];
  codesLeft: number;
  required: boolean;
  missing: boolean;
  recent: boolean;
  passkeysUnavailable: string | null;
}

/** People set up, and take away, what they prove who they are with. */
@Injectable()
export class FactorService {
  constructor(
    private readonly repository: FactorRepository,
    private readonly totp: Totp,
    private readonly codes: RecoveryCodes,
    private readonly passkeys: Passkeys,
    private readonly challenges: Challenges,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async read({ userId, sessionId }: Caller, host: string | undefined): Promise<Factors> {
    const { user, session } = await this.standing({ userId, sessionId });
    const totp = await this.repository.totp(userId);
    const required = this.config.settings.MFA_REQUIRED_ROLES;
    return {
      totpSince: totp?.confirmedAt ?? null,
      passkeys: await this.repository.passkeys(userId),
      codesLeft: await this.codes.left(userId),
      required: required.includes(user.role),
      missing: lacksSecondFactor({ role: user.role, methods: session.methods }, required),
      recent: isRecent(session.confirmedAt, this.clock.now()),
      passkeysUnavailable: this.passkeys.party(host) === null ? NO_PASSKEYS : null,
    };
  }

  /** Proves once more who calls, for ten minutes. @throws UserError `validation`, `rate_limited` */
  async confirm(caller: Caller, password: string): Promise<void> {
    const { user } = await this.standing(caller);
    const attempt = await this.throttle.beginFactor('confirmation', user.id);
    if (!(await this.passwords.matches(user.passwordHash, password))) {
      throw UserError.invalid('password', 'This is not your password.');
    }
    await this.throttle.succeeded(attempt);
    await this.sessions.confirm(caller.sessionId);
  }

  /** A secret for an app, which counts once a code of it was confirmed. */
  async enrolTotp(caller: Caller): Promise<{ secret: string; uri: string }> {
    const { user } = await this.recent(caller);
    return this.transactions.transaction(() => this.totp.enrol(user));
  }

  /** @returns recovery codes, with the first factor alone. @throws UserError `validation` for a wrong code */
  async confirmTotp(caller: Caller, code: string): Promise<string[] | null> {
    const { user } = await this.recent(caller);
    const attempt = await this.throttle.beginFactor('confirmation', user.id);
    return this.add(user, caller, 'an authenticator app', async () => {
      if (!(await this.totp.confirm(user.id, code))) {
        throw UserError.invalid('code', 'This is not the code that the app shows now. Is its clock right?');
      }
      await this.throttle.succeeded(attempt);
      return 'otp';
    });
  }

  async removeTotp(caller: Caller): Promise<void> {
    const { user } = await this.recent(caller);
    await this.remove(user, 'an authenticator app', async () => {
      const found = await this.repository.totp(user.id);
      await this.repository.removeTotp(user.id);
      return found !== null && found.confirmedAt !== null;
    });
  }

  /** What a browser needs to make a passkey. */
  async beginPasskey(caller: Caller, host: string | undefined): Promise<{ token: string; options: object }> {
    const { user } = await this.recent(caller);
    const options = await this.passkeys.registrationOptions(user, host);
    const token = await this.challenges.begin({
      purpose: 'passkey_registration',
      user,
      methods: [],
      challenge: options.challenge,
    });
    return { token, options };
  }

  /** @returns recovery codes, with the first factor alone */
  async addPasskey(
    caller: Caller,
    input: { token: string; name: string; response: PasskeyRegistration },
    host: string | undefined,
  ): Promise<string[] | null> {
    const { user } = await this.recent(caller);
    const begun = await this.challenges.take(input.token, 'passkey_registration');
    if (begun.userId !== user.id) throw new UserError('unauthenticated', 'Somebody else began this.');
    return this.add(user, caller, `the passkey ${input.name}`, async () => {
      const { synced } = await this.passkeys.register(
        user,
        { ...input, challenge: begun.challenge ?? '' },
        host,
      );
      return synced ? 'swk' : 'hwk';
    });
  }

  async removePasskey(caller: Caller, id: string): Promise<void> {
    const { user } = await this.recent(caller);
    const known = (await this.repository.passkeys(user.id)).find((passkey) => passkey.id === id);
    if (known === undefined) throw UserError.notFound('passkey', id);
    await this.remove(user, `the passkey ${known.name}`, () => this.repository.removePasskey(user.id, id));
  }

  /** New recovery codes in place of all others. @throws UserError `conflict` without a factor that could be lost */
  async makeCodes(caller: Caller): Promise<string[]> {
    const { user } = await this.recent(caller);
    const { totp, passkeys } = await this.repository.count(user.id);
    if (!totp && passkeys === 0) {
      throw new UserError(
        'conflict',
        'Recovery codes come with an authenticator app or a passkey: set one up first.',
      );
    }
    return this.transactions.transaction(() => this.codes.make(user));
  }

  /** Takes all factors from somebody who lost them, for administrators; ends their sessions. @throws UserError `not_found` */
  async reset(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (user === null) throw UserError.notFound('user', userId);
    await this.transactions.transaction(async () => {
      await this.repository.removeAll(userId);
      await this.challenges.forget(userId);
      await this.record('user.factors_reset', user, null);
      await this.sessions.endAll(userId, 'ended_by_admin');
    });
  }

  private async add(
    user: User,
    { sessionId }: Caller,
    what: string,
    work: () => Promise<AuthMethod>,
  ): Promise<string[] | null> {
    const codes = await this.transactions.transaction(async () => {
      const method = await work();
      await this.record('user.factor_added', user, what);
      await this.sessions.strengthen(sessionId, method);
      return (await this.codes.left(user.id)) > 0 ? null : this.codes.make(user);
    });
    this.sessions.lookAnew(sessionId);
    return codes;
  }

  private async remove(user: User, what: string, work: () => Promise<boolean>): Promise<void> {
    await this.transactions.transaction(async () => {
      // Two who go at the same moment must not both be the last but one.
      await this.users.findLocked(user.id);
      const last = isLast(await this.repository.count(user.id));
      if (last && this.config.settings.MFA_REQUIRED_ROLES.includes(user.role)) {
        throw new UserError(
          'conflict',
          `The role ${user.role} needs a second factor. Set up another one first.`,
        );
      }
      if (!(await work())) throw new UserError('conflict', 'There is none to remove.');
      await this.record('user.factor_removed', user, what);
      if (last) await this.repository.replaceCodes(user.id, []);
    });
  }

  private async record(action: AuditActionOf<'user'>, user: User, reason: string | null): Promise<void> {
    await this.audit.record({ action, subject: { kind: 'user', id: user.id, name: user.username }, reason });
  }

  /** @throws UserError `confirmation_required` when it is long ago that the caller proved who they are */
  private async recent(caller: Caller): Promise<{ user: User }> {
    const { user, session } = await this.standing(caller);
    if (isRecent(session.confirmedAt, this.clock.now())) return { user };
    throw new UserError(
      'confirmation_required',
      'Confirm with your password that it is you, or sign in again.',
    );
  }

  private async standing({ userId, sessionId }: Caller): Promise<{ user: User; session: Session }> {
    const user = await this.users.find(userId);
    const session = await this.sessions.find(sessionId);
    if (user === null || session === null) throw new UserError('unauthenticated', 'Sign in again.');
    return { user, session };
  }
}
