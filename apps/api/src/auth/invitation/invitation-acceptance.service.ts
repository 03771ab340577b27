import { Injectable } from '@nestjs/common';
import { AuditLog, CallContext, Clock, DatabaseSession, newId, UserError } from '../../platform/index.js';
import { PasswordPolicy } from '../password/password-policy.service.js';
import { Passwords } from '../password.js';
import { KnownSessions } from '../session/known-sessions.js';
import { SessionService } from '../session/session.service.js';
import { actorOf } from '../token/token.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { auditedUser } from '../user/user.service.js';
import { hashToken, stateOf } from './invitation-rules.js';
import { InvitationRepository, type Invitation } from './invitation.repository.js';
import { auditedInvitation } from './invitation.service.js';

/** What somebody chooses who has a link. */
export interface Chosen {
  password: string;
  displayName?: string | undefined;
}

/**
 * The other end of an invitation. It signs nobody in: whoever has chosen a password signs in with it, and with whatever
 * else a sign-in asks for, so that a link leads past no second factor (OWASP ASVS 5.0, 6.4.3).
 */
@Injectable()
export class InvitationAcceptance {
  constructor(
    private readonly repository: InvitationRepository,
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly sessions: SessionService,
    private readonly known: KnownSessions,
    private readonly calls: CallContext,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError `not_found` for a link that is not, or not any more, good */
  async preview(token: string): Promise<Invitation> {
    return this.open(await this.repository.findByToken(hashToken(token)));
  }

  /** @throws UserError `not_found` as above, `validation` for a password that is no good, `conflict` when the name was taken */
  async accept(token: string, chosen: Chosen): Promise<User> {
    const { username, displayName } = await this.preview(token);
    await this.policy.check('password', chosen.password, { username, displayName });
    const passwordHash = await this.passwords.hash(chosen.password);
    const user = await this.transactions.transaction(() => this.store(token, chosen, passwordHash));
    this.known.forgetAll();
    return user;
  }

  private async store(token: string, chosen: Chosen, passwordHash: string): Promise<User> {
    const invitation = this.open(await this.repository.findLocked({ tokenHash: hashToken(token) }));
    const user =
      invitation.userId === null
        ? await this.join(invitation, chosen, passwordHash)
        : await this.reset(invitation.userId, passwordHash);
    await this.repository.save({ ...invitation, acceptedAt: this.clock.now() });
    await this.audit.record({ action: 'invitation.accepted', ...auditedInvitation.of(invitation) });
    return user;
  }

  private async join(invitation: Invitation, chosen: Chosen, passwordHash: string): Promise<User> {
    const { username, role } = invitation;
    const now = this.clock.now();
    const displayName = chosen.displayName?.trim() ?? '';
    const user: User = {
      ...{ id: newId(), username, role, passwordHash, disabled: false, mustChangePassword: false },
      displayName: displayName === '' ? invitation.displayName : displayName,
      ...{ tokenVersion: 1, lastLoginAt: null, createdAt: now, updatedAt: now },
    };
    if (!(await this.users.add(user))) {
      throw new UserError(
        'conflict',
        `There is already a user called "${username}". Ask for another invitation.`,
      );
    }
    this.calls.identify(actorOf(user));
    await this.audit.record({ action: 'user.created', ...auditedUser.made(user) });
    return user;
  }

  private async reset(userId: string, passwordHash: string): Promise<User> {
    const user = await this.users.findLocked(userId);
    if (user === null || user.disabled) throw gone();
    const tokenVersion = user.tokenVersion + 1;
    const updatedAt = this.clock.now();
    const changed = { ...user, passwordHash, mustChangePassword: false, tokenVersion, updatedAt };
    await this.users.save(changed);
    this.calls.identify(actorOf(changed));
    await this.audit.record({ action: 'user.password_changed', ...auditedUser.changed(user, changed) });
    await this.sessions.endAll(userId, 'access_changed');
    return changed;
  }

  private open(invitation: Invitation | null): Invitation {
    if (invitation === null || stateOf(invitation, this.clock.now()) !== 'open') throw gone();
    return invitation;
  }
}

/** The same words whatever became of it: a link tells a stranger nothing. */
const gone = (): UserError =>
  new UserError('not_found', 'This link is not good any more. Ask an administrator for another one.');
