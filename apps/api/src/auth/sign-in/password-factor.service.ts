import { Injectable } from '@nestjs/common';
import { anonymousActor, AppConfig, AuditLog, CallContext, UserError } from '../../platform/index.js';
import { IdentityRepository } from '../oidc/identity.repository.js';
import { Passwords } from '../password.js';
import type { AuthMethod } from '../session/session-rules.js';
import { SessionRepository } from '../session/session.repository.js';
import { SessionService } from '../session/session.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { LoginThrottle } from './login-throttle.service.js';

/** The id of no user (RFC 9562, 5.9). */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Somebody has proved to be this user, in these ways. It is no session yet: see `SignIn.complete`. */
export interface Proven {
  user: User;
  methods: readonly AuthMethod[];
}

/** The first factor: a name and its password. */
@Injectable()
export class PasswordFactor {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionService,
    private readonly sessionRows: SessionRepository,
    private readonly identities: IdentityRepository,
    private readonly config: AppConfig,
    private readonly calls: CallContext,
    private readonly audit: AuditLog,
  ) {}

  /**
   * `presented` is the refresh token that the browser still had, if any.
   * @throws UserError `unauthenticated`, in the same words and after the same work whether there is no such user, they are
   *   disabled, or the password is wrong (OWASP ASVS 5.0, 6.3.8); `rate_limited` after too many attempts
   */
  async prove(username: string, password: string, presented: string | null): Promise<Proven> {
    const user = await this.users.findByUsername(username);
    const attempt = await this.throttle.begin(username, await this.isKnown(user, presented));
    const right = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (user === null || !right || user.disabled || (await this.mustUseProvider(user))) {
      await this.noteFailure(username, user);
      throw new UserError('unauthenticated', 'The user name or the password is not right.');
    }
    await this.throttle.succeeded(attempt);
    return { user, methods: ['pwd'] };
  }

  /** A password of somebody who is to come through the provider is none (OWASP ASVS 5.0, 6.3.4). */
  private async mustUseProvider({ id }: User): Promise<boolean> {
    const { OIDC_ISSUER: issuer, OIDC_PASSWORD_LOGIN: passwords } = this.config.settings;
    return issuer !== undefined && passwords === 'refused' && (await this.identities.isOf(issuer, id));
  }

  /** Whether the user has been signed in on this browser, or from this address. Asks the same of nobody. */
  private async isKnown(user: User | null, presented: string | null): Promise<boolean> {
    const id = user?.id ?? NOBODY;
    const atAddress = await this.sessionRows.isKnownAddress(id, this.calls.origin?.remoteAddress ?? '');
    const inBrowser = await this.sessions.ofToken(presented);
    return atAddress || inBrowser?.user.id === id;
  }

  private async noteFailure(username: string, user: User | null): Promise<void> {
    await this.audit.recordApart({
      action: 'user.sign_in_failed',
      // A name that nobody has may be a password in the wrong field.
      subject: { kind: 'user', id: user?.id ?? null, name: user === null ? null : username },
      actor: anonymousActor,
      outcome: 'failed',
      reason: user?.disabled === true ? 'The user is disabled.' : null,
    });
  }
}
