import { Injectable } from '@nestjs/common';
import type { InvitationKind, ListQuery, Role } from '@aiops/contracts';
import {
  AppConfig,
  audited,
  AuditLog,
  Clock,
  DatabaseSession,
  messageOf,
  newId,
  UserError,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { UserRepository } from '../user/user.repository.js';
import { letterOf } from './invitation-letter.js';
import { InvitationMail } from './invitation-mail.js';
import { expiryOf, hashToken, linkOf, newToken, stateOf } from './invitation-rules.js';
import { InvitationRepository, type Invitation } from './invitation.repository.js';

export interface NewInvitation {
  username: string;
  displayName?: string | undefined;
  role: Role;
  email: string | null;
}

/** A link that was made just now: whoever asked for it sees it this once. */
export interface MadeInvitation {
  invitation: Invitation;
  link: string;
  sending: { sent: boolean; detail: string };
}

export const auditedInvitation = audited<Invitation>()({
  kind: 'invitation',
  name: (invitation) => invitation.username,
  fields: ['kind', 'username', 'displayName', 'role', 'email', 'expiresAt'],
  secret: ['tokenHash'],
});

/** Links by which people become users, or choose another password. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly repository: InvitationRepository,
    private readonly users: UserRepository,
    private readonly mail: InvitationMail,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Invitation>>> {
    return this.repository.list(query);
  }

  /** Of one invitation what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Invitation>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('invitation', id);
    return found;
  }

  /** Invites somebody who is no user yet. @throws UserError `conflict` for who is one, or is invited already */
  async invite(input: NewInvitation, actor: Actor): Promise<MadeInvitation> {
    const username = input.username.toLowerCase();
    const token = newToken();
    const invitation = await this.transactions.transaction(async () => {
      if ((await this.users.findByUsername(username)) !== null) {
        throw new UserError('conflict', `There is already a user called "${username}".`);
      }
      await this.makeRoom('invitation', username);
      const displayName = input.displayName ?? username;
      return this.add({ ...input, kind: 'invitation', userId: null, username, displayName }, token, actor);
    });
    return this.hand(invitation, token);
  }

  /** Lets a user choose another password. The present one stays good until they do; a link from before is revoked. */
  async resetPassword(userId: string, email: string | null, actor: Actor): Promise<MadeInvitation> {
    const token = newToken();
    const invitation = await this.transactions.transaction(async () => {
      const user = await this.users.findLocked(userId);
      if (user === null) throw UserError.notFound('user', userId);
      if (user.disabled) throw new UserError('conflict', 'This user is disabled. Let them in again first.');
      const { username, displayName, role } = user;
      for (const one of await this.repository.findUnused('password_reset', username)) await this.end(one);
      return this.add({ kind: 'password_reset', userId, username, displayName, role, email }, token, actor);
    });
    return this.hand(invitation, token);
  }

  /** Makes another link in place of the one from before, and sends it. @throws UserError `conflict` when it was used or revoked */
  async resend(id: string): Promise<MadeInvitation> {
    const token = newToken();
    const invitation = await this.transactions.transaction(async () => {
      const present = await this.unused(id);
      const changed = { ...present, ...this.linkFacts(present.kind, token), sentAt: null };
      await this.repository.save(changed);
      await this.audit.record({
        action: 'invitation.resent',
        ...auditedInvitation.changed(present, changed),
      });
      return changed;
    });
    return this.hand(invitation, token);
  }

  /** The link opens nothing any more. @throws UserError `conflict` when it was used or revoked */
  async revoke(id: string): Promise<void> {
    await this.transactions.transaction(async () => this.end(await this.unused(id)));
  }

  private async unused(id: string): Promise<Invitation> {
    const invitation = await this.repository.findLocked({ id });
    if (invitation === null) throw UserError.notFound('invitation', id);
    const state = stateOf(invitation, this.clock.now());
    if (state === 'accepted' || state === 'revoked') {
      throw new UserError('conflict', `This invitation was ${state} already.`);
    }
    return invitation;
  }

  /** One that ran out makes room for another. */
  private async makeRoom(kind: InvitationKind, username: string): Promise<void> {
    for (const one of await this.repository.findUnused(kind, username)) {
      if (stateOf(one, this.clock.now()) === 'open') {
        throw new UserError(
          'conflict',
          `"${username}" is invited already. Send that invitation anew, or revoke it.`,
        );
      }
      await this.end(one);
    }
  }

  private async end(invitation: Invitation): Promise<void> {
    await this.repository.save({ ...invitation, revokedAt: this.clock.now() });
    await this.audit.record({ action: 'invitation.revoked', ...auditedInvitation.of(invitation) });
  }

  private async add(
    facts: Pick<Invitation, 'kind' | 'userId' | 'username' | 'displayName' | 'role' | 'email'>,
    token: string,
    actor: Actor,
  ): Promise<Invitation> {
    const { kind, userId, username, displayName, role, email } = facts;
    const invitation: Invitation = {
      ...{ id: newId(), kind, userId, username, displayName, role, email, createdBy: actor.name },
      ...this.linkFacts(kind, token),
      ...{ createdAt: this.clock.now(), sentAt: null, acceptedAt: null, revokedAt: null },
    };
    await this.repository.save(invitation);
    await this.audit.record({ action: 'invitation.created', ...auditedInvitation.made(invitation) });
    return invitation;
  }

  private linkFacts(kind: InvitationKind, token: string): Pick<Invitation, 'tokenHash' | 'expiresAt'> {
    const { INVITATION_LIFETIME_MS: lifetime } = this.config.settings;
    return { tokenHash: hashToken(token), expiresAt: expiryOf(kind, this.clock.now(), lifetime) };
  }

  /** Sends the link if it can be sent, and hands it to whoever asked in any case. */
  private async hand(invitation: Invitation, token: string): Promise<MadeInvitation> {
    const link = linkOf(token, this.config.settings.PUBLIC_URL);
    const sending = await this.send(invitation, link);
    if (!sending.sent) return { invitation, link, sending };
    const sentAt = this.clock.now();
    await this.repository.noteSent(invitation.id, sentAt);
    return { invitation: { ...invitation, sentAt }, link, sending };
  }

  private async send(invitation: Invitation, link: string): Promise<MadeInvitation['sending']> {
    const { email } = invitation;
    if (email === null) return { sent: false, detail: 'No address was given: pass the link on yourself.' };
    if (this.config.settings.PUBLIC_URL === undefined) {
      return {
        sent: false,
        detail: 'Mail needs PUBLIC_URL, the address of the app: pass the link on yourself.',
      };
    }
    try {
      const sent = await this.mail.send(letterOf(invitation, email, link, this.clock.now()));
      const detail = sent ? `Sent to ${email}.` : 'No e-mail channel is enabled: pass the link on yourself.';
      return { sent, detail };
    } catch (error) {
      return { sent: false, detail: `${messageOf(error)} Pass the link on yourself, or send it anew later.` };
    }
  }
}
