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

/** What is learned of a key when its host shows it. */
type Sighting = Pick<HostKey, 'algorithm' | 'publicKey' | 'certificate'> & { at: Date };

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
        created_at: { property: 'createdAt', kind: 'time' },
        first_seen_at: { property: 'firstSeenAt', kind: 'time', nullable: true },
        last_seen_at: { property: 'lastSeenAt', kind: 'time', nullable: true },
        status: { property: 'status', kind: 'text' },
      },
      fallback: 'created_at',
    });
  }

  of(targetIds: string[]): Promise<HostKey[]> {
    if (targetIds.length === 0) return Promise.resolve([]);
    return this.session.manager.find(HostKeyEntity, {
      where: { targetId: In(targetIds) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  find(targetId: string, id: string): Promise<HostKey | null> {
    return this.session.manager.findOneBy(HostKeyEntity, { targetId, id });
  }

  findByFingerprint(targetId: string, fingerprint: string): Promise<HostKey | null> {
    return this.session.manager.findOneBy(HostKeyEntity, { targetId, fingerprint });
  }

  withFingerprint(fingerprint: string): Promise<HostKey[]> {
    return this.session.manager.findBy(HostKeyEntity, { fingerprint });
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

  /** Leaves alone what a person decides, who may be doing so at this moment. */
  async seen(targetId: string, fingerprint: string, { at, ...learned }: Sighting): Promise<void> {
    await this.session.manager.update(
      HostKeyEntity,
      { targetId, fingerprint },
      { ...learned, lastSeenAt: at, firstSeenAt: () => `coalesce(first_seen_at, '${at.toISOString()}')` },
    );
  }

  /** Moves a key between what a person has to look at and what an authority vouches for. */
  async turn(
    targetId: string,
    fingerprint: string,
    from: 'pending' | 'certified',
    to: 'pending' | 'certified',
  ): Promise<void> {
    await this.session.manager.update(HostKeyEntity, { targetId, fingerprint, status: from }, { status: to });
  }

  /** What an authority vouched for that is trusted no more. */
  async uncertify(authority: string): Promise<void> {
    await this.session.manager
      .createQueryBuilder()
      .update(HostKeyEntity)
      .set({ status: 'pending' })
      .where(`status = 'certified' AND certificate ->> 'authority' = :authority`, { authority })
      .execute();
  }

  async removeOf(targetId: string): Promise<void> {
    await this.session.manager.delete(HostKeyEntity, { targetId });
  }
}
