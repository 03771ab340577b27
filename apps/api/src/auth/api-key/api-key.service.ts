import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import type { ListQuery } from '@aiops/contracts';
import {
  audited,
  AuditLog,
  Clock,
  EventBus,
  newId,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { ApiKeyRepository, type ApiKey } from './api-key.repository.js';
import { apiKeyHint, generateApiKey, hashApiKey } from './api-key.secret.js';

export type ApiKeyInput = Pick<ApiKey, 'name' | 'role' | 'scopes' | 'expiresAt'>;

const auditedKey = audited<ApiKey>()({
  kind: 'api_key',
  name: (key) => key.name,
  fields: ['name', 'role', 'scopes', 'expiresAt'],
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
  async create(input: ApiKeyInput): Promise<{ key: ApiKey; secret: string }> {
    const now = this.clock.now();
    if (input.expiresAt !== null && input.expiresAt <= now) {
      throw UserError.invalid('expires_at', 'This time has passed already');
    }
    const secret = generateApiKey();
    const stored = { hash: hashApiKey(secret), hint: apiKeyHint(secret), lastUsedAt: null };
    const key: ApiKey = {
      id: newId(),
      ...input,
      scopes: [...new Set(input.scopes)],
      ...stored,
      createdAt: now,
    };
    await this.storeNew(key);
    return { key, secret };
  }

  /** Changes what a key may do. The key itself stays: to replace it, make another and revoke this one. */
  async update(id: string, change: Partial<ApiKeyInput>): Promise<ApiKey> {
    const changed = await this.storeChange(id, change);
    this.authenticator.forget();
    return changed;
  }

  /** Revokes a key: at once here, within moments on other replicas, after five seconds at the latest. */
  async remove(id: string): Promise<void> {
    await this.storeRemoval(id);
    this.authenticator.forget();
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
