import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../../platform/index.js';

/** An execution that stands before another on a target. */
export interface Blocker {
  executionId: string;
  runbookName: string;
  targetId: string;
}

/** Locks on targets, and how often runbooks ran. */
@Injectable()
export class SafetyRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** The last real run of a runbook on any of the targets that runs still or ended after `since`; without targets, on any. */
  async lastRun(
    runbookId: string,
    exceptId: string,
    targetIds: string[],
    since: Date,
  ): Promise<LastRun | undefined> {
    const rows: { finished_at: Date | null; target_id: string | null }[] = await this.session.manager.query(
      `SELECT e.finished_at, t.target_id FROM executions e LEFT JOIN execution_targets t ON t.execution_id = e.id
       WHERE e.runbook_id = $1 AND e.id <> $2 AND e.started_at IS NOT NULL AND NOT e.dry_run
         AND (e.finished_at IS NULL OR e.finished_at > $4)
         AND (t.target_id = ANY($3::uuid[]) OR cardinality($3::uuid[]) = 0)
       ORDER BY e.finished_at DESC NULLS FIRST LIMIT 1`,
      [runbookId, exceptId, targetIds, since],
    );
    const [row] = rows;
    return row === undefined ? undefined : { finishedAt: row.finished_at, targetId: row.target_id };
  }

  async startedSince(runbookId: string, exceptId: string, since: Date): Promise<number> {
    const rows: { count: string }[] = await this.session.manager.query(
      `SELECT count(*) FROM executions WHERE runbook_id = $1 AND id <> $2 AND NOT dry_run AND started_at > $3`,
      [runbookId, exceptId, since],
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Locks all the targets for the execution, or none. @returns what stands in the way */
  async lockTargets(executionId: string, targetIds: string[], now: Date): Promise<Blocker | null> {
    const earlier = await this.earlierInQueue(executionId, targetIds);
    if (earlier !== null) return earlier;
    const sorted = [...targetIds].sort();
    const inserted: unknown[] = await this.session.manager.query(
      `WITH taken AS (
         INSERT INTO target_locks (target_id, execution_id, locked_at)
         SELECT id, $2, $3 FROM unnest($1::uuid[]) AS wanted (id) ORDER BY id
         ON CONFLICT (target_id) DO NOTHING RETURNING target_id)
       SELECT target_id FROM taken`,
      [sorted, executionId, now],
    );
    if (inserted.length === sorted.length) return null;
    const holder = await this.holder(executionId, sorted);
    if (holder !== null) await this.unlock(executionId);
    return holder;
  }

  async unlock(executionId: string): Promise<void> {
    await this.session.manager.query('DELETE FROM target_locks WHERE execution_id = $1', [executionId]);
  }

  /** For each of the targets the execution that waits longest for it. */
  async queuedFor(targetIds: string[]): Promise<string[]> {
    const rows: { id: string }[] = await this.session.manager.query(
      `WITH queued AS MATERIALIZED (SELECT id FROM executions WHERE status = 'queued')
       SELECT DISTINCT ON (t.target_id) q.id FROM queued q JOIN execution_targets t ON t.execution_id = q.id
       WHERE t.target_id = ANY($1::uuid[]) ORDER BY t.target_id, q.id`,
      [targetIds],
    );
    return [...new Set(rows.map(({ id }) => id))];
  }

  private holder(executionId: string, targetIds: string[]): Promise<Blocker | null> {
    return this.blocker(
      `SELECT l.execution_id, e.runbook_name, l.target_id FROM target_locks l JOIN executions e ON e.id = l.execution_id
       WHERE l.target_id = ANY($2::uuid[]) AND l.execution_id <> $1 LIMIT 1`,
      [executionId, targetIds],
    );
  }

  /** First come, first served: ids sort by the time they were made. */
  private earlierInQueue(executionId: string, targetIds: string[]): Promise<Blocker | null> {
    return this.blocker(
      `WITH queued AS MATERIALIZED (SELECT id, runbook_name FROM executions WHERE status = 'queued' AND id < $1)
       SELECT q.id AS execution_id, q.runbook_name, t.target_id
       FROM queued q JOIN execution_targets t ON t.execution_id = q.id
       WHERE t.target_id = ANY($2::uuid[]) ORDER BY q.id LIMIT 1`,
      [executionId, targetIds],
    );
  }

  private async blocker(sql: string, parameters: unknown[]): Promise<Blocker | null> {
    const rows: BlockerRow[] = await this.session.manager.query(sql, parameters);
    const [row] = rows;
    return row === undefined
      ? null
      : { executionId: row.execution_id, runbookName: row.runbook_name, targetId: row.target_id };
  }
}

interface LastRun {
  finishedAt: Date | null;
  targetId: string | null;
}

interface BlockerRow {
  execution_id: string;
  runbook_name: string;
  target_id: string;
}
