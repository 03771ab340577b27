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
import { PolicyEntity } from './policy.entity.js';

export type Policy = Pick<PolicyEntity, keyof PolicyEntity>;

@Injectable()
export class PolicyRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Policy>>> {
    const builder = this.session.manager.createQueryBuilder(PolicyEntity, 'policy');
    if (query.q !== undefined) builder.andWhere('policy.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'name',
    });
  }

  enabled(): Promise<Policy[]> {
    return this.session.manager.findBy(PolicyEntity, { enabled: true });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Policy> | null> {
    const builder = this.session.manager.createQueryBuilder(PolicyEntity, 'policy').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<Policy | null> {
    return this.session.manager.findOneBy(PolicyEntity, { id });
  }

  findByName(name: string): Promise<Policy | null> {
    return this.session.manager.findOneBy(PolicyEntity, { name });
  }

  /** Policies that send to this channel. */
  using(channelId: string): Promise<Policy[]> {
    return this.session.manager
      .createQueryBuilder(PolicyEntity, 'policy')
      .where('policy.channelIds @> :channel::jsonb', { channel: JSON.stringify([channelId]) })
      .getMany();
  }

  async save(policy: Policy): Promise<void> {
    await this.session.manager.save(PolicyEntity, policy);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(PolicyEntity, { id });
  }
}
