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
import { LlmProviderEntity } from './provider.entity.js';

/** A configured model provider; its API key is sealed. */
export type LlmProvider = Pick<LlmProviderEntity, keyof LlmProviderEntity>;

@Injectable()
export class LlmProviderRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<LlmProvider>>> {
    const builder = this.session.manager.createQueryBuilder(LlmProviderEntity, 'provider');
    if (query.q !== undefined) builder.andWhere('provider.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        priority: { property: 'priority', kind: 'number' },
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'priority',
    });
  }

  /** Providers that may be asked, best first. */
  enabled(): Promise<LlmProvider[]> {
    return this.session.manager.find(LlmProviderEntity, {
      where: { enabled: true },
      order: { priority: 'ASC', createdAt: 'ASC' },
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<LlmProvider> | null> {
    const builder = this.session.manager.createQueryBuilder(LlmProviderEntity, 'provider').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<LlmProvider | null> {
    return this.session.manager.findOneBy(LlmProviderEntity, { id });
  }

  findByName(name: string): Promise<LlmProvider | null> {
    return this.session.manager.findOneBy(LlmProviderEntity, { name });
  }

  async save(provider: LlmProvider): Promise<void> {
    await this.session.manager.save(LlmProviderEntity, provider);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.session.manager.delete(LlmProviderEntity, { id })).affected === 1;
  }
}
