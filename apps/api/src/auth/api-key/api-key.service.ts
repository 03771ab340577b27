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
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { ApiKeyRepository, type ApiKey } from './api-key.repository.js';
import { endOfGrace, successorExpiry, whyNotGrant } from './api-key-rules.js';
import { apiKeyHint, generateApiKey, hashApiKey } from './api-key.secret.js';

export type ApiKeyInput = Pick<ApiKey, 'name' | 'description' | 'role' | 'scopes' | 'expiresAt'>;
export interface Rotation {
  graceHours: number;
  /** Undefined: after as long a life as the old key was given. */
  expiresAt?: Date | null | undefined;
}
interface NewKey {
  key: ApiKey;
  secret: string;
}

const auditedKey = audited<ApiKey>()({
  kind: 'api_key',
  name: (key) => key.name,
  fields: ['name', 'description', 'role', 'scopes', 'expiresAt', 'replacedBy'],
  secret: ['hash'],
});

/** Keys for senders and integrations. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly authenticator: ApiKeyAuthenticator,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<ApiKey>>> {
    return this.repository.list(query);
  }

  /** Of one API key what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<ApiKey>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('API key', id);
    return found;
  }

  async get(id: string): Promise<ApiKey> {
    const key = await this.repository.find(id);
    if (key === null) throw UserError.notFound('API key', id);
    return key;
  }

  /** Makes a key; `secret` is given out here and never again. */
  async create(input: ApiKeyInput, actor: Actor): Promise<NewKey> {
    requireGrant(actor, input.role);
    const made = this.make(input, { createdBy: actor.name, makerId: await this.personBehind(actor) });
    await this.storeNew(made.key);
    return made;
  }

  /** Changes what a key may do. The key itself stays: to replace it, rotate it. */
  async update(id: string, change: Partial<ApiKeyInput>, actor: Actor): Promise<ApiKey> {
    if (change.role !== undefined) requireGrant(actor, change.role);
    const changed = await this.storeChange(id, change);
    this.authenticator.forget();
    return changed;
  }

  /**
   * Makes a key that may do what this one may, which goes on working for a while, so that its holders can change over.
   * @throws UserError `conflict` for one that was rotated already
   */
  async rotate(id: string, rotation: Rotation, actor: Actor): Promise<NewKey> {
    const made = await this.storeRotation(id, rotation, actor);
    this.authenticator.forget();
    return made;
  }

  /** Revokes a key: at once here, within moments on other replicas, after five seconds at the latest. */
  async remove(id: string): Promise<void> {
    await this.storeRemoval(id);
    this.authenticator.forget();
  }

  private make(input: ApiKeyInput, origin: Pick<ApiKey, 'createdBy' | 'makerId'>): NewKey {
    const now = this.clock.now();
    if (input.expiresAt !== null && input.expiresAt <= now) {
      throw UserError.invalid('expires_at', 'This time has passed already');
    }
    const secret = generateApiKey();
    const key: ApiKey = {
      id: newId(),
      ...input,
      scopes: [...new Set(input.scopes)],
      hash: hashApiKey(secret),
      hint: apiKeyHint(secret),
      lastUsedAt: null,
      lastUsedFrom: null,
      ...origin,
      replacedBy: null,
      createdAt: now,
    };
    return { key, secret };
  }

  /** A key that makes a key acts for whoever made it. */
  private async personBehind(actor: Actor): Promise<string | null> {
    if (actor.kind === 'user') return actor.id;
    const key = actor.kind === 'api_key' && actor.id !== null ? await this.repository.find(actor.id) : null;
    return key?.makerId ?? null;
  }

  @Transactional()
  private async storeRotation(
    id: string,
    { graceHours, expiresAt }: Rotation,
    actor: Actor,
  ): Promise<NewKey> {
    const old = await this.repository.findLocked(id);
    if (old === null) throw UserError.notFound('API key', id);
    requireGrant(actor, old.role);
    if (old.replacedBy !== null) {
      throw new UserError('conflict', `The API key "${old.name}" was rotated already, to ${old.replacedBy}.`);
    }
    const now = this.clock.now();
    const { name, description, role, scopes } = old;
    const expiry = expiresAt === undefined ? successorExpiry(old, now) : expiresAt;
    const made = this.make(
      { name, description, role, scopes, expiresAt: expiry },
      { createdBy: actor.name, makerId: await this.personBehind(actor) },
    );
    const ending = { ...old, replacedBy: made.key.id, expiresAt: endOfGrace(old.expiresAt, graceHours, now) };
    await this.repository.save(made.key);
    await this.repository.save(ending);
    await this.audit.record({ action: 'api_key.rotated', ...auditedKey.changed(old, ending) });
    await this.audit.record({ action: 'api_key.created', ...auditedKey.made(made.key) });
    await this.events.emit('access.changed.v1', { kind: 'api_key', id });
    return made;
  }

  @Transactional()
  private async storeNew(key: ApiKey): Promise<void> {
    await this.repository.save(key);
    await this.audit.record({ action: 'api_key.created', ...auditedKey.made(key) });
  }

  @Transactional()
  private async storeChange(id: string, change: Partial<ApiKeyInput>): Promise<ApiKey> {
    const present = await this.get(id);
    const changed: ApiKey = {
      ...present,
      name: change.name ?? present.name,
      description: change.description ?? present.description,
      role: change.role ?? present.role,
      scopes: change.scopes === undefined ? present.scopes : [...new Set(change.scopes)],
      expiresAt: change.expiresAt === undefined ? present.expiresAt : change.expiresAt,
    };
    await this.repository.save(changed);
    await this.audit.record({ action: 'api_key.updated', ...auditedKey.changed(present, changed) });
    await this.events.emit('access.changed.v1', { kind: 'api_key', id });
    return changed;
  }

  @Transactional()
  private async storeRemoval(id: string): Promise<void> {
    const key = await this.get(id);
    await this.repository.remove(id);
    await this.audit.record({ action: 'api_key.removed', ...auditedKey.removed(key) });
    await this.events.emit('access.changed.v1', { kind: 'api_key', id });
  }
}

function requireGrant(actor: Actor, role: Role): void {
  const reason = whyNotGrant(actor.role, role);
  if (reason !== null) throw new UserError('forbidden', reason);
}
