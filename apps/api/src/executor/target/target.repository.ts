import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { In } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { TargetEntity } from './target.entity.js';

/** A machine or service that runbooks act on. */
export type Target = Omit<TargetEntity, 'credential'>;

@Injectable()
export class TargetRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Target>>> {
    const builder = this.session.manager.createQueryBuilder(TargetEntity, 'target');
    if (query.q !== undefined) {
      builder.andWhere('(target.name ILIKE :like OR target.host ILIKE :like)', { like: containing(query.q) });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'name',
    });
  }

  all(): Promise<Target[]> {
    return this.session.manager.find(TargetEntity, { order: { name: 'ASC' } });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Target> | null> {
    const builder = this.session.manager.createQueryBuilder(TargetEntity, 'target').where({ id });
    return this.lists.one(builder, reads);
  }

  exists(id: string): Promise<boolean> {
    return this.session.manager.exists(TargetEntity, { where: { id } });
  }

  find(id: string): Promise<Target | null> {
    return this.session.manager.findOneBy(TargetEntity, { id });
  }

  findByName(name: string): Promise<Target | null> {
    return this.session.manager.findOneBy(TargetEntity, { name });
  }

  findMany(ids: readonly string[]): Promise<Target[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.session.manager.findBy(TargetEntity, { id: In([...ids]) });
  }

  usingCredential(credentialId: string): Promise<Target[]> {
    return this.session.manager.findBy(TargetEntity, { credentialId });
  }

  async save(target: Target): Promise<void> {
    await this.session.manager.save(TargetEntity, target);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(TargetEntity, { id });
  }

  async contact(id: string, contact: Pick<Target, 'reachable' | 'lastSeenAt' | 'lastError'>): Promise<void> {
    await this.session.manager.update(TargetEntity, { id }, contact);
  }
}
