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
import { HostKeyEntity } from './host-key.entity.js';

export type HostKey = Omit<HostKeyEntity, 'target'>;

@Injectable()
export class HostKeyRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(targetId: string, query: ListQuery & Reads): Promise<Page<Sparse<HostKey>>> {
    const builder = this.session.manager.createQueryBuilder(HostKeyEntity, 'key').where({ targetId });
    if (query.q !== undefined) {
      builder.andWhere('(key.fingerprint ILIKE :like OR key.algorithm ILIKE :like)', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        first_seen_at: { property: 'firstSeenAt', kind: 'time' },
        last_seen_at: { property: 'lastSeenAt', kind: 'time' },
        status: { property: 'status', kind: 'text' },
      },
      fallback: 'first_seen_at',
    });
  }

  of(targetIds: string[]): Promise<HostKey[]> {
    if (targetIds.length === 0) return Promise.resolve([]);
    return this.session.manager.find(HostKeyEntity, {
      where: { targetId: In(targetIds) },
      order: { firstSeenAt: 'ASC' },
    });
  }

  find(targetId: string, id: string): Promise<HostKey | null> {
    return this.session.manager.findOneBy(HostKeyEntity, { targetId, id });
  }

  /** @returns false when this key of this target is already stored. */
  async add(key: HostKey): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(HostKeyEntity)
      .values({ ...key })
      .orIgnore()
      .returning('id')
      .execute();
    return Array.isArray(result.raw) && result.raw.length === 1;
  }

  async save(key: HostKey): Promise<void> {
    await this.session.manager.save(HostKeyEntity, key);
  }

  async seen(targetId: string, fingerprint: string, at: Date): Promise<void> {
    await this.session.manager.update(HostKeyEntity, { targetId, fingerprint }, { lastSeenAt: at });
  }

  async removeOf(targetId: string): Promise<void> {
    await this.session.manager.delete(HostKeyEntity, { targetId });
  }
}
