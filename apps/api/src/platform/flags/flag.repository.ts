import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { DatabaseSession } from '../database/database-session.js';
import { containing } from '../database/like.js';
import { Lists } from '../database/lists.js';
import type { Page, Reads, Sparse } from '../database/page.js';
import { FeatureFlagEntity } from './flag.entity.js';

export type FeatureFlag = Pick<FeatureFlagEntity, keyof FeatureFlagEntity>;

@Injectable()
export class FeatureFlagRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<FeatureFlag>>> {
    const builder = this.session.manager.createQueryBuilder(FeatureFlagEntity, 'flag');
    if (query.q !== undefined) {
      builder.andWhere('(flag.key ILIKE :like OR flag.description ILIKE :like)', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        key: { property: 'key', kind: 'text' },
        updated_at: { property: 'updatedAt', kind: 'time' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'key',
    });
  }

  /** Of one row what was asked for. */
  read(key: string, reads: Reads): Promise<Sparse<FeatureFlag> | null> {
    const builder = this.session.manager.createQueryBuilder(FeatureFlagEntity, 'flag').where({ key });
    return this.lists.one(builder, reads);
  }

  all(): Promise<FeatureFlag[]> {
    return this.session.manager.find(FeatureFlagEntity);
  }

  find(key: string): Promise<FeatureFlag | null> {
    return this.session.manager.findOneBy(FeatureFlagEntity, { key });
  }

  async add(flag: FeatureFlag): Promise<void> {
    await this.session.manager.insert(FeatureFlagEntity, flag);
  }

  /** Stores the next version of a flag. @returns false when somebody else has stored one meanwhile. */
  async replace(flag: FeatureFlag): Promise<boolean> {
    const { id, ...values } = flag;
    const result = await this.session.manager.update(
      FeatureFlagEntity,
      { id, version: flag.version - 1 },
      values,
    );
    return result.affected === 1;
  }

  /** @returns false when it was gone already. */
  async remove(id: string): Promise<boolean> {
    return (await this.session.manager.delete(FeatureFlagEntity, { id })).affected === 1;
  }
}
