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
import { KnownHostRuleEntity } from './known-host-rule.entity.js';

export type StoredRule = KnownHostRuleEntity;

@Injectable()
export class KnownHostRuleRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<StoredRule>>> {
    const builder = this.session.manager.createQueryBuilder(KnownHostRuleEntity, 'rule');
    if (query.q !== undefined) {
      builder.where('rule.hosts ILIKE :like OR rule.fingerprint ILIKE :like OR rule.comment ILIKE :like', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        created_at: { property: 'createdAt', kind: 'time' },
        kind: { property: 'kind', kind: 'text' },
      },
      fallback: 'created_at',
    });
  }

  all(): Promise<StoredRule[]> {
    return this.session.manager.find(KnownHostRuleEntity, { order: { createdAt: 'ASC', id: 'ASC' } });
  }

  find(id: string): Promise<StoredRule | null> {
    return this.session.manager.findOneBy(KnownHostRuleEntity, { id });
  }

  /** @returns false when there is one like it. */
  async add(rule: StoredRule): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(KnownHostRuleEntity)
      .values({ ...rule })
      .orIgnore()
      .returning('id')
      .execute();
    return Array.isArray(result.raw) && result.raw.length === 1;
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(KnownHostRuleEntity, { id });
  }
}
