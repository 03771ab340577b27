import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';

/** A runbook that an analysis recommended for its alert. */
export interface Recommendation {
  alertId: string;
  /** Name of the provider that answered, or `template`. */
  provider: string;
  runbookId: string;
  at: Date;
}

/** What analyses recommended. */
@Injectable()
export class RecommendationReader {
  constructor(private readonly session: DatabaseSession) {}

  /** The last recommendation for each alert that was analysed in the last `days`; the newest `most` of them. */
  recent(days: number, most: number): Promise<Recommendation[]> {
    return this.session.manager.query(
      `SELECT * FROM (
         SELECT DISTINCT ON (alert_id) alert_id AS "alertId", coalesce(provider, 'template') AS provider,
           result->'recommendedRunbook'->>'id' AS "runbookId", completed_at AS at
         FROM analyses
         WHERE status = 'completed' AND created_at > now() - $1::int * interval '1 day'
           AND result->'recommendedRunbook'->>'id' IS NOT NULL
         ORDER BY alert_id, created_at DESC
       ) AS last ORDER BY at DESC LIMIT $2`,
      [days, most],
    );
  }
}
