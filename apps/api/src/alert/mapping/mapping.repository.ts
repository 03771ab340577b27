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
import type { StoredMapping } from './mapping.js';
import { IngestMappingEntity } from './mapping.entity.js';

@Injectable()
export class IngestMappingRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  /** Of one row what was asked for. */
  read(source: string, reads: Reads): Promise<Sparse<StoredMapping> | null> {
    const builder = this.session.manager.createQueryBuilder(IngestMappingEntity, 'mapping').where({ source });
    return this.lists.one(builder, reads);
  }

  find(source: string): Promise<StoredMapping | null> {
    return this.session.manager.findOneBy(IngestMappingEntity, { source });
  }

  list(query: ListQuery & Reads): Promise<Page<Sparse<StoredMapping>>> {
    const builder = this.session.manager.createQueryBuilder(IngestMappingEntity, 'mapping');
    if (query.q !== undefined) builder.andWhere('mapping.source ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        source: { property: 'source', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'source',
    });
  }

  /** Creates or replaces the mapping of its source, whoever else does so at the same moment. */
  async save(mapping: StoredMapping): Promise<void> {
    await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(IngestMappingEntity)
      .values(mapping)
      .orUpdate(['mapping', 'updated_at'], ['source'])
      .execute();
  }

  async remove(source: string): Promise<boolean> {
    return (await this.session.manager.delete(IngestMappingEntity, { source })).affected === 1;
  }
}
