import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import type { ListQuery, Role } from '@aiops/contracts';
import {
  audited,
  AuditLog,
  Clock,
  EventBus,
  newId,
  UserError,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { PasswordPolicy } from '../password/password-policy.service.js';
import { Passwords } from '../password.js';
import { KnownSessions } from '../session/known-sessions.js';
import { SessionRepository } from '../session/session.repository.js';
import { whyNotChange, type StandingChange } from './user-rules.js';
import { UserRepository, type User } from './user.repository.js';

export interface NewUser {
  username: string;
  displayName?: string | undefined;
  role: Role;
  password: string;
  mustChangePassword?: boolean | undefined;
}
export interface UserChange {
  displayName?: string | undefined;
  role?: Role | undefined;
  password?: string | undefined;
  mustChangePassword?: boolean | undefined;
  disabled?: boolean | undefined;
}

/** What the audit log says of users. */
export const auditedUser = audited<User>()({
  kind: 'user',
  name: (user) => user.username,
  fields: ['username', 'displayName', 'role', 'disabled', 'mustChangePassword'],
  secret: ['passwordHash'],
});

/** People who may sign in, and what they may do. */
@Injectable()
export class UserService {
  constructor(
    private readonly repository: UserRepository,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly sessions: SessionRepository,
    private readonly knownSessions: KnownSessions,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<User>>> {
    return this.repository.list(query);
  }

  /** Of one user what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<User>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('user', id);
    return found;
  }

  async get(id: string): Promise<User> {
    const user = await this.repository.find(id);
    if (user === null) throw UserError.notFound('user', id);
    return user;
  }

  /** Of the signed-in person what was asked for. @throws UserError `not_found` for an API key, which is no person. */
  async self(actor: Actor, reads: Reads): Promise<Sparse<User>> {
    if (actor.kind !== 'user' || actor.id === null) {
      throw new UserError('not_found', 'An API key acts here, and no user.');
    }
    return this.read(actor.id, reads);
  }

  /** @throws UserError `validation` for a password that is no good, `conflict` for a name that is taken */
  async create(input: NewUser): Promise<User> {
    await this.policy.check('password', input.password, input);
    return this.add(await this.made(input));
  }

  private async made(input: NewUser): Promise<User> {
    const username = input.username.toLowerCase();
    const now = this.clock.now();
    return {
      id: newId(),
      username,
      displayName: input.displayName ?? username,
      role: input.role,
      passwordHash: await this.passwords.hash(input.password),
      mustChangePassword: input.mustChangePassword ?? false,
      disabled: false,
      tokenVersion: 1,
      lastLoginAt: null,
      createdAt: now,
      updatedAt: now,
    };
  }

  /**
   * Makes the first administrator, with a password of whoever starts the engine, or one made for them that they must
   * change. @returns null when there is already a user.
   */
  @Transactional()
  async createFirst(username: string, password: string, mustChangePassword: boolean): Promise<User | null> {
    if (!(await this.repository.isEmptyLocked())) return null;
    const first = { username, displayName: 'Administrator', role: 'admin' as const };
    return this.add(await this.made({ ...first, password, mustChangePassword }));
  }

  /**
   * Changes a user. A new password and being disabled end every session (OWASP ASVS 5.0, 7.4.2 and 7.4.3), another role
   * counts at once.
   */
  async update(id: string, change: UserChange, actor: Actor): Promise<User> {
    const passwordHash = await this.newHash(id, change.password);
    const changed = await this.apply(id, change, passwordHash, actor);
    this.knownSessions.forgetAll();
    return changed;
  }

  private async newHash(id: string, password: string | undefined): Promise<string | undefined> {
    if (password === undefined) return undefined;
    await this.policy.check('password', password, await this.get(id));
    return this.passwords.hash(password);
  }

  /** Removes a user, and every session with them. */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.storeRemoval(id, actor);
    this.knownSessions.forgetAll();
  }

  @Transactional()
  private async storeRemoval(id: string, actor: Actor): Promise<void> {
    const user = await this.changeable(id, { removed: true }, actor);
    await this.repository.remove(id);
    await this.audit.record({ action: 'user.removed', ...auditedUser.removed(user), actor });
    await this.events.emit('access.changed.v1', { kind: 'user', id });
  }

  @Transactional()
  private async add(user: User): Promise<User> {
    if (!(await this.repository.add(user))) {
      throw new UserError('conflict', `There is already a user called "${user.username}".`);
    }
    await this.audit.record({ action: 'user.created', ...auditedUser.made(user) });
    return user;
  }

  @Transactional()
  private async apply(
    id: string,
    change: UserChange,
    passwordHash: string | undefined,
    actor: Actor,
  ): Promise<User> {
    const user = await this.changeable(id, change, actor);
    const disabled = change.disabled ?? user.disabled;
    const endsSessions = passwordHash !== undefined || (disabled && !user.disabled);
    const changed: User = {
      ...user,
      displayName: change.displayName ?? user.displayName,
      role: change.role ?? user.role,
      passwordHash: passwordHash ?? user.passwordHash,
      mustChangePassword: change.mustChangePassword ?? user.mustChangePassword,
      disabled,
      tokenVersion: user.tokenVersion + (endsSessions ? 1 : 0),
      updatedAt: this.clock.now(),
    };
    await this.repository.save(changed);
    await this.audit.record({ action: 'user.updated', ...auditedUser.changed(user, changed), actor });
    if (endsSessions) await this.sessions.endAllOf(id, this.clock.now(), 'access_changed');
    const isOther = changed.role !== user.role || changed.mustChangePassword !== user.mustChangePassword;
    if (endsSessions || isOther) {
      await this.events.emit('access.changed.v1', { kind: 'user', id });
    }
    return changed;
  }

  private async changeable(id: string, change: StandingChange, actor: Actor): Promise<User> {
    const activeAdminIds = await this.repository.lockActiveAdmins();
    const user = await this.repository.findLocked(id);
    if (user === null) throw UserError.notFound('user', id);
    const userId = actor.kind === 'user' ? actor.id : null;
    const reason = whyNotChange(user, change, { userId, activeAdminIds });
    if (reason !== null) throw new UserError('conflict', reason);
    return user;
  }
}
