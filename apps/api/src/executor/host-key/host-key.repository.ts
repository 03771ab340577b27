import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import { HostKeyEntity } from './host-key.entity.js';

export type HostKey = Omit<HostKeyEntity, 'target'>;

@Injectable()
export class HostKeyRepository {
  constructor(private readonly session: DatabaseSession) {}

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
