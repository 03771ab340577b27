import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../database/database-session.js';

/** How much waits in one queue. */
export interface QueueDepth {
  queue: string;
  /** Jobs that may begin now. */
  due: number;
  /** Jobs whose time has not come, such as those that are tried again later. */
  later: number;
  /** Seconds for which the job that waits longest has been due; 0 when none is. */
  oldestSeconds: number;
}

/** Connections of this process to PostgreSQL that requests and jobs share. */
export interface PoolUse {
  used: number;
  idle: number;
  waiting: number;
}

// The partial index `job_i11` of pg-boss answers this alone; jobs that are done are in the table for a day.
const QUEUES = `
  SELECT queue.name AS queue, coalesce(due, 0)::int AS due, coalesce(later, 0)::int AS later,
    coalesce(oldest, 0)::float8 AS "oldestSeconds"
  FROM jobs.queue LEFT JOIN (
    SELECT name, count(*) FILTER (WHERE start_after <= now()) AS due,
      count(*) FILTER (WHERE start_after > now()) AS later,
      greatest(0, extract(epoch FROM now() - min(start_after))) AS oldest
    FROM jobs.job WHERE state < 'active' AND NOT blocked GROUP BY name
  ) AS waiting ON waiting.name = queue.name
  WHERE queue.name NOT LIKE '\\_\\_pgboss%'`;

@Injectable()
export class PlatformMetricsRepository {
  constructor(private readonly session: DatabaseSession) {}

  queues(): Promise<QueueDepth[]> {
    return this.session.manager.query(QUEUES);
  }

  /** Failed operations that nobody has handled, by operation. */
  failedOperations(): Promise<{ operation: string; count: number }[]> {
    return this.session.manager.query(
      `SELECT operation, count(*)::int AS count FROM failed_operations WHERE status = 'failed' GROUP BY operation`,
    );
  }

  /** Null when the driver tells nothing of its pool. */
  pool(): PoolUse | null {
    const { driver } = this.session.manager.connection;
    const pool: unknown = 'master' in driver ? driver.master : undefined;
    if (typeof pool !== 'object' || pool === null) return null;
    const [total, idle, waiting] = ['totalCount', 'idleCount', 'waitingCount'].map((name) =>
      Number(Reflect.get(pool, name)),
    );
    if (total === undefined || idle === undefined || waiting === undefined) return null;
    return { used: total - idle, idle, waiting };
  }
}
