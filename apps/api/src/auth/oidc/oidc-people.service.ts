import { Injectable } from '@nestjs/common';
import type { Role } from '@aiops/contracts';
import { AppConfig, AuditLog, Clock, DatabaseSession, EventBus, newId } from '../../platform/index.js';
import { KnownSessions } from '../session/known-sessions.js';
import { SessionService } from '../session/session.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { auditedUser } from '../user/user.service.js';
import { claimedTexts, displayNameOf, mappedRole, usernamesFor, verifiedEmail } from './claim-rules.js';
import { IdentityRepository } from './identity.repository.js';
import { OidcRefusal } from './oidc.error.js';
import type { ProvenAtProvider } from './oidc-provider.service.js';

type Person = Pick<ProvenAtProvider, 'issuer' | 'subject' | 'claims'>;

/**
 * The users behind the people of the provider: made when they first come, and made to be what the provider says each time.
 * It alone says who is an administrator among them, so nobody is kept one against its word.
 */
@Injectable()
export class OidcPeople {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly knownSessions: KnownSessions,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws OidcRefusal `no_role` for who has no role any more, whose sessions end; `disabled` */
  async admit(person: Person): Promise<User> {
    const role = this.roleOf(person);
    const user = await this.transactions.transaction(() => this.store(person, role));
    this.knownSessions.forgetAll();
    if (role === null && user !== null) await this.sessions.endAll(user.id, 'access_changed');
    if (role === null || user === null) throw new OidcRefusal('no_role');
    if (user.disabled) throw new OidcRefusal('disabled');
    return user;
  }

  private roleOf({ claims }: Person): Role | null {
    const { OIDC_ROLE_CLAIM: claim, OIDC_ROLE_MAP: map, OIDC_DEFAULT_ROLE: otherwise } = this.config.settings;
    return mappedRole(claimedTexts(claims, claim), map) ?? otherwise ?? null;
  }

  private async store(person: Person, role: Role | null): Promise<User | null> {
    const identity = await this.identities.findLocked(person.issuer, person.subject);
    const user = identity === null ? null : await this.users.findLocked(identity.userId);
    if (role === null) return user;
    const known = user ?? (await this.link(person));
    return known === null ? this.make(person, role) : this.follow(known, person, role);
  }

  /** Takes over the user with the person's address, where that is wanted; not one whom the provider has already. */
  private async link({ issuer, subject, claims }: Person): Promise<User | null> {
    const address = this.config.settings.OIDC_LINK_EMAIL === 'never' ? null : verifiedEmail(claims);
    const named = address === null ? null : await this.users.findByUsername(address);
    const user = named === null ? null : await this.users.findLocked(named.id);
    if (user === null || (await this.identities.isOf(issuer, user.id))) return null;
    await this.identities.add({ issuer, subject, userId: user.id, createdAt: this.clock.now() });
    await this.audit.record({
      action: 'user.identity_linked',
      subject: { kind: 'user', id: user.id, name: user.username },
      reason: `By the verified address ${user.username} at ${issuer}.`,
    });
    // Whoever knew the password is not who comes through the provider.
    const handedOver = { ...user, passwordHash: null, mustChangePassword: false };
    await this.users.save({ ...handedOver, updatedAt: this.clock.now() });
    return handedOver;
  }

  private async make(person: Person, role: Role): Promise<User> {
    const { issuer, subject, claims } = person;
    const now = this.clock.now();
    for (const username of usernamesFor(claims, issuer, subject)) {
      const user: User = {
        id: newId(),
        username,
        displayName: displayNameOf(claims) ?? username,
        role,
        passwordHash: null,
        mustChangePassword: false,
        disabled: false,
        tokenVersion: 1,
        lastLoginAt: null,
        createdAt: now,
        updatedAt: now,
      };
      if (!(await this.users.add(user))) continue;
      await this.identities.add({ issuer, subject, userId: user.id, createdAt: now });
      await this.audit.record({ action: 'user.created', ...auditedUser.made(user), reason: FROM_PROVIDER });
      return user;
    }
    throw new OidcRefusal('failed', { cause: new Error('Every name for this person is taken') });
  }

  private async follow(user: User, { claims }: Person, role: Role): Promise<User> {
    const displayName = displayNameOf(claims) ?? user.displayName;
    if (user.role === role && user.displayName === displayName) return user;
    const changed = { ...user, role, displayName, updatedAt: this.clock.now() };
    await this.users.save(changed);
    await this.audit.record({
      action: 'user.updated',
      ...auditedUser.changed(user, changed),
      reason: FROM_PROVIDER,
    });
    if (user.role !== role) await this.events.emit('access.changed.v1', { kind: 'user', id: user.id });
    return changed;
  }
}

const FROM_PROVIDER = 'As the sign-in provider says.';
