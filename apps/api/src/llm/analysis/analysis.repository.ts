import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { DatabaseSession, paginate, type Page } from '../../platform/index.js';
import { AnalysisEntity } from './analysis.entity.js';

/** One analysis of one alert, under way or done. */
export type Analysis = Pick<AnalysisEntity, keyof AnalysisEntity>;

@Injectable()
export class AnalysisRepository {
  constructor(private readonly session: DatabaseSession) {}

  find(id: string): Promise<Analysis | null> {
    return this.session.manager.findOneBy(AnalysisEntity, { id });
  }

  forAlert(alertId: string, query: ListQuery): Promise<Page<Analysis>> {
    const builder = this.session.manager
      .createQueryBuilder(AnalysisEntity, 'analysis')
      .where('analysis.alertId = :alertId', { alertId });
    return paginate(builder, query, {
      columns: { created_at: { property: 'createdAt', kind: 'time' } },
      fallback: '-created_at',
    });
  }

  async save(analysis: Analysis): Promise<void> {
    await this.session.manager.save(AnalysisEntity, analysis);
  }
}
