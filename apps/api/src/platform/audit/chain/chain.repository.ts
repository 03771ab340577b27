import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../database/database-session.js';
import type { ChainedEntry } from './canonical.js';
import type { ChainPoint } from './chain-check.js';

const ENTRIES = `
  SELECT position::text, previous_hash, hash, id::text,
    to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at,
    action, outcome, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_name,
    reason, before::text, after::text, remote_address, user_agent, trace_id
  FROM audit_log WHERE audit_log.position > $1::bigint ORDER BY audit_log.position LIMIT $2`;
const BEFORE_ALL = '-9223372036854775808';

/** Reads the log as it is stored. */
@Injectable()
export class AuditChainRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Runs `work` on the log as it is at one moment, however much is added meanwhile. */
  frozen<T>(work: () => Promise<T>): Promise<T> {
    return this.session.transaction(async () => {
      await this.session.manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return work();
    });
  }

  /** All entries in the order of the chain. */
  async *entries(batchSize: number): AsyncGenerator<ChainedEntry> {
    let after = BEFORE_ALL;
    for (;;) {
      const batch = await this.session.manager.query<ChainedEntry[]>(ENTRIES, [after, batchSize]);
      yield* batch;
      const last = batch.at(-1);
      if (last === undefined || batch.length < batchSize) return;
      after = last.position;
    }
  }

  async head(): Promise<ChainPoint | null> {
    const rows = await this.session.manager.query<{ position: string; hash: string }[]>(
      'SELECT position::text, hash FROM audit_head',
    );
    const [row] = rows;
    return row === undefined || rows.length > 1 ? null : { position: Number(row.position), hash: row.hash };
  }
}
