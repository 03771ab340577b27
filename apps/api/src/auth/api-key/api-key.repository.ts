import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { ApiKeyEntity } from './api-key.entity.js';

/** A key for a sender or an integration; the key itself is known to its holder alone. */
export type ApiKey = Pick<ApiKeyEntity, keyof ApiKeyEntity>;

@Injectable()
export class ApiKeyRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<ApiKey>>> {
    const builder = this.session.manager.createQueryBuilder(ApiKeyEntity, 'key');
    if (query.q !== undefined) builder.andWhere('key.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        created_at: { property: 'createdAt', kind: 'time' },
        name: { property: 'name', kind: 'text' },
      },
      fallback: '-created_at',
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<ApiKey> | null> {
    const builder = this.session.manager.createQueryBuilder(ApiKeyEntity, 'key').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<ApiKey | null> {
    return this.session.manager.findOneBy(ApiKeyEntity, { id });
  }

  /** The key, unchanged by anyone else until the transaction ends. */
  findLocked(id: string): Promise<ApiKey | null> {
    return this.session.manager.findOne(ApiKeyEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  findByHash(hash: string): Promise<ApiKey | null> {
    return this.session.manager.findOneBy(ApiKeyEntity, { hash });
  }

  async save(key: ApiKey): Promise<void> {
    await this.session.manager.save(ApiKeyEntity, key);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(ApiKeyEntity, { id });
  }

  /** Notes that a key is in use and from where, unless that was noted after `notSince`. */
  async touch(id: string, at: Date, from: string, notSince: Date): Promise<void> {
    await this.session.manager
      .createQueryBuilder()
      .update(ApiKeyEntity)
      .set({ lastUsedAt: at, lastUsedFrom: from })
      .where('id = :id AND (last_used_at IS NULL OR last_used_at < :notSince)', { id, notSince })
      .execute();
  }
}
