import { Injectable } from '@nestjs/common';
import { Clock, UserError } from '../platform/index.js';
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
  ) {}

  /** @throws UserError `unauthenticated`, in the same words and after the same work whatever was wrong. */
  async login(username: string, password: string): Promise<SignedIn> {
    const user = await this.users.findByUsername(username);
    const right = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (user === null || !right || user.disabled) {
      throw new UserError('unauthenticated', 'The user name or the password is not right.');
    }
    const at = this.clock.now();
    await this.users.recordLogin(user.id, at);
    return { ...(await this.tokens.issueAccess(user)), user: { ...user, lastLoginAt: at } };
  }
}
