import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { anonymousActor, AuditLog, Clock, UserError } from '../platform/index.js';
import { Passwords } from './password.js';
import { TokenService } from './token/token.service.js';
import { UserRepository, type User } from './user/user.repository.js';

export interface SignedIn {
  token: string;
  /** Seconds. */
  expiresIn: number;
  user: User;
}

/** Signs people in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly tokens: TokenService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** @throws UserError `unauthenticated`, in the same words and after the same work whatever was wrong. */
  async login(username: string, password: string): Promise<SignedIn> {
    const user = await this.users.findByUsername(username);
    const right = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (user === null || !right || user.disabled) {
      await this.noteFailure(username, user);
      throw new UserError('unauthenticated', 'The user name or the password is not right.');
    }
    const at = this.clock.now();
    await this.recordLogin(user, at);
    return { ...(await this.tokens.issueAccess(user)), user: { ...user, lastLoginAt: at } };
  }

  @Transactional()
  private async recordLogin(user: User, at: Date): Promise<void> {
    await this.users.recordLogin(user.id, at);
    const person = { kind: 'user', id: user.id, name: user.username } as const;
    await this.audit.record({ action: 'user.signed_in', subject: person, actor: person });
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
