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
import { AnalysisEntity } from './analysis.entity.js';

/** One analysis of one alert, under way or done. */
export type Analysis = Pick<AnalysisEntity, keyof AnalysisEntity>;

@Injectable()
export class AnalysisRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  find(id: string): Promise<Analysis | null> {
    return this.session.manager.findOneBy(AnalysisEntity, { id });
  }

  forAlert(alertId: string, query: ListQuery & Reads): Promise<Page<Sparse<Analysis>>> {
    const builder = this.session.manager
      .createQueryBuilder(AnalysisEntity, 'analysis')
      .where('analysis.alertId = :alertId', { alertId });
    if (query.q !== undefined) {
      builder.andWhere('(CAST(analysis.result AS text) ILIKE :like OR analysis.provider ILIKE :like)', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: { created_at: { property: 'createdAt', kind: 'time' } },
      fallback: '-created_at',
    });
  }

  async save(analysis: Analysis): Promise<void> {
    await this.session.manager.save(AnalysisEntity, analysis);
  }
}
