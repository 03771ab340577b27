import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';

/** Ends of a run that tell whether its runbook works; one that a person stopped or refused tells nothing. */
const SUCCESS = ['succeeded'];
const FAILURE = ['failed', 'rolled_back', 'timed_out'];

@Injectable()
export class RunbookMetricsRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Runs that succeeded and runs that failed in the last `days`, by category of their runbook; dry runs are none. */
  outcomes(days: number): Promise<{ category: string; succeeded: number; failed: number }[]> {
    return this.session.manager.query(
      `SELECT runbook.category AS category,
         count(*) FILTER (WHERE execution.status = ANY($2::text[]))::int AS succeeded,
         count(*) FILTER (WHERE execution.status = ANY($3::text[]))::int AS failed
       FROM runbooks AS runbook JOIN executions AS execution ON execution.runbook_id = runbook.id
         AND execution.started_at IS NOT NULL AND NOT execution.dry_run
         AND execution.finished_at > now() - $1::int * interval '1 day'
         AND execution.status = ANY($2::text[] || $3::text[])
       GROUP BY runbook.category ORDER BY count(*) DESC, runbook.category`,
      [days, SUCCESS, FAILURE],
    );
  }

  /** Executions that have not ended, by status. */
  unfinished(statuses: string[]): Promise<{ status: string; count: number }[]> {
    return this.session.manager.query(
      'SELECT status, count(*)::int AS count FROM executions WHERE status = ANY($1) GROUP BY status',
      [statuses],
    );
  }

  /** Breakers of runbooks that were not always closed, the worst first. */
  breakers(most: number): Promise<{ name: string; state: 'closed' | 'open' | 'half_open' }[]> {
    return this.session.manager.query(
      `SELECT name, breaker_state AS state FROM runbooks WHERE deleted_at IS NULL
       ORDER BY breaker_state = 'closed', breaker_state <> 'open', name LIMIT $1`,
      [most],
    );
  }

  /** Seconds from the start of a run to its end; null when it never started, or is a dry run. */
  async duration(executionId: string): Promise<{ dryRun: boolean; seconds: number | null } | null> {
    const rows: { dryRun: boolean; seconds: number | null }[] = await this.session.manager.query(
      `SELECT dry_run AS "dryRun", extract(epoch FROM finished_at - started_at)::float8 AS seconds
       FROM executions WHERE id = $1`,
      [executionId],
    );
    return rows[0] ?? null;
  }
}
