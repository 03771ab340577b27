import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../database/database-session.js';

/** The row of a job as this process took it. */
export interface TakenJob {
  id: string;
  name: string;
  retryCount: number;
}

/** When a job is tried again that is about to fail: `fixed` after so many seconds, or with the queue's backoff. */
export interface Pause {
  seconds: number;
  fixed: boolean;
}

/** What pg-boss has no call for. */
@Injectable()
export class JobRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** pg-boss takes the pause from the job's row at the moment when the job fails. */
  async setPause(job: TakenJob, { seconds, fixed }: Pause): Promise<void> {
    await this.session.manager.query(
      'UPDATE jobs.job SET retry_delay = $3, retry_backoff = $4 WHERE name = $1 AND id = $2',
      [job.name, job.id, seconds, !fixed],
    );
  }

  /**
   * Lets any process take the job at once, and the attempt not count: it may be tried once more. (Its number of attempts
   * still rises, by which pg-boss tells what this process says of it from what the next one says.)
   */
  async handBack(job: TakenJob): Promise<void> {
    await this.session.manager.query(
      `UPDATE jobs.job SET state = 'retry', start_after = now(), heartbeat_on = NULL, retry_limit = retry_limit + 1
       WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3`,
      [job.name, job.id, job.retryCount],
    );
  }
}
