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
import { RuleEntity } from './rule.entity.js';

export type Rule = Pick<RuleEntity, keyof RuleEntity>;

@Injectable()
export class RuleRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Rule>>> {
    const builder = this.session.manager.createQueryBuilder(RuleEntity, 'rule');
    if (query.q !== undefined) builder.andWhere('rule.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        priority: { property: 'priority', kind: 'number' },
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'priority',
    });
  }

  /** Enabled rules in the order in which they are tried; equal priorities by age. */
  enabled(): Promise<Rule[]> {
    return this.session.manager.find(RuleEntity, {
      where: { enabled: true },
      order: { priority: 'ASC', id: 'ASC' },
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Rule> | null> {
    const builder = this.session.manager.createQueryBuilder(RuleEntity, 'rule').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<Rule | null> {
    return this.session.manager.findOneBy(RuleEntity, { id });
  }

  findByName(name: string): Promise<Rule | null> {
    return this.session.manager.findOneBy(RuleEntity, { name });
  }

  async save(rule: Rule): Promise<void> {
    await this.session.manager.save(RuleEntity, rule);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(RuleEntity, { id });
  }

  async matched(id: string, at: Date): Promise<void> {
    await this.session.manager.update(RuleEntity, { id }, { lastMatchedAt: at });
  }
}
