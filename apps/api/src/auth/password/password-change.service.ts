import { Injectable } from '@nestjs/common';
import { AuditLog, Clock, DatabaseSession, UserError } from '../../platform/index.js';
import { Passwords } from '../password.js';
import type { SessionOfCaller } from '../session/current-session.js';
import { KnownSessions } from '../session/known-sessions.js';
import { SessionService } from '../session/session.service.js';
import { LoginThrottle } from '../sign-in/login-throttle.service.js';
import { auditedUser } from '../user/user.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { PasswordPolicy } from './password-policy.service.js';

/** People change their own password. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionService,
    private readonly known: KnownSessions,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the new password for the present one; every other session ends (OWASP ASVS 5.0, 6.2.2, 6.2.3 and 7.4.3).
   * @throws UserError `validation` when the present one is not right or the new one not good, `rate_limited` after too
   *   many attempts: whoever found an open screen must not find out the password there
   */
  async change(caller: SessionOfCaller, present: string, next: string): Promise<void> {
    const user = await this.users.find(caller.userId);
    if (user === null) throw UserError.notFound('user', caller.userId);
    await this.prove(user, present);
    if (next === present) throw UserError.invalid('new_password', 'This is the one that you have already.');
    await this.policy.check('new_password', next, user);
    const passwordHash = await this.passwords.hash(next);
    await this.transactions.transaction(() => this.store(caller, user, passwordHash));
    this.known.forgetAll();
  }

  private async prove(user: User, present: string): Promise<void> {
    if (user.passwordHash === null) {
      throw new UserError('conflict', 'You have no password here: you sign in through a provider.');
    }
    const attempt = await this.throttle.begin(user.username, true);
    if (!(await this.passwords.matches(user.passwordHash, present))) {
      throw UserError.invalid('current_password', 'This is not your present password.');
    }
    await this.throttle.succeeded(attempt);
  }

  private async store(caller: SessionOfCaller, proven: User, passwordHash: string): Promise<void> {
    const user = await this.users.findLocked(proven.id);
    if (user === null || user.disabled || user.passwordHash !== proven.passwordHash) {
      throw new UserError('conflict', 'Your password was changed at this very moment. Sign in again.');
    }
    // A sign-in under way with the old one makes a session of the old version, which lets nobody in.
    const tokenVersion = user.tokenVersion + 1;
    const changed = { ...user, passwordHash, tokenVersion, mustChangePassword: false };
    await this.users.save({ ...changed, updatedAt: this.clock.now() });
    await this.audit.record({ action: 'user.password_changed', ...auditedUser.changed(user, changed) });
    await this.sessions.keepOnly(caller, tokenVersion);
  }
}
