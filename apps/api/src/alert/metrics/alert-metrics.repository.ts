import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';

/** How long an episode of an alert lasted. */
export interface Recovery {
  severity: string;
  seconds: number;
}

@Injectable()
export class AlertMetricsRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Alerts that are not resolved, by source and severity; the largest groups first. */
  open(): Promise<{ source: string; severity: string; count: number }[]> {
    return this.session.manager.query(
      `SELECT source, severity, count(*)::int AS count FROM alerts WHERE status <> 'resolved'
       GROUP BY source, severity ORDER BY count(*) DESC, source, severity`,
    );
  }

  /** How long those of these alerts that are resolved took. */
  recoveries(ids: string[]): Promise<Recovery[]> {
    return this.session.manager.query(
      `SELECT severity, greatest(0, extract(epoch FROM resolved_at - starts_at))::float8 AS seconds
       FROM alerts WHERE id = ANY($1) AND resolved_at IS NOT NULL`,
      [ids],
    );
  }
}
