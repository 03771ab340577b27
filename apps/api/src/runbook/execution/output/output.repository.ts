import { Injectable } from '@nestjs/common';
import { DatabaseSession, EventBus } from '../../../platform/index.js';
import { LeaseLostError, type Lease } from '../runner/lease.js';
import { ExecutionOutputEntity } from './execution-output.entity.js';
import type { OutputChunk, OutputPiece, OutputPosition } from './output.types.js';

/** Text of one answer, in bytes; an answer always holds at least one chunk. */
const PAGE_BYTES = 1024 * 1024;
const ROWS_PER_INSERT = 200;

/** The output of executions, in the order in which it was written. */
@Injectable()
export class OutputRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly events: EventBus,
  ) {}

  /** Stores pieces from `sequence` on and announces them. @throws LeaseLostError when another worker writes now */
  async append(lease: Lease, pieces: OutputPiece[], sequence: number): Promise<void> {
    const { executionId, token } = lease;
    await this.session.transaction(async () => {
      const held: unknown[] = await this.session.manager.query(
        'SELECT 1 FROM executions WHERE id = $1 AND lease_token = $2 FOR SHARE',
        [executionId, token],
      );
      if (held.length === 0) throw new LeaseLostError(executionId);
      const rows = pieces.map((piece, offset) => ({
        ...piece,
        executionId,
        sequence: sequence + offset,
        bytes: Buffer.byteLength(piece.text),
      }));
      for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
        await this.session.manager.insert(ExecutionOutputEntity, rows.slice(start, start + ROWS_PER_INSERT));
      }
      await this.events.emit('execution.output.v1', {
        execution_id: executionId,
        first_offset: sequence,
        last_offset: sequence + rows.length - 1,
      });
    });
  }

  async position(executionId: string): Promise<OutputPosition> {
    const rows: { next: number; bytes: string }[] = await this.session.manager.query(
      `SELECT coalesce(max(sequence), 0) + 1 AS next, coalesce(sum(bytes), 0) AS bytes
       FROM execution_output WHERE execution_id = $1`,
      [executionId],
    );
    return { nextSequence: rows[0]?.next ?? 1, bytes: Number(rows[0]?.bytes ?? 0) };
  }

  /** Chunks after `after`, at most `limit` and about a megabyte of them. */
  async read(
    executionId: string,
    after: number,
    limit: number,
  ): Promise<{ chunks: OutputChunk[]; hasMore: boolean }> {
    const rows: Row[] = await this.session.manager.query(
      `SELECT sequence, step_index, attempt, stream, text, at FROM (
         SELECT *, sum(bytes) OVER (ORDER BY sequence) - bytes AS before
         FROM (SELECT * FROM execution_output WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3) AS page
       ) AS sized WHERE before < $4 ORDER BY sequence`,
      [executionId, after, limit + 1, PAGE_BYTES],
    );
    const chunks = rows.slice(0, limit).map(toChunk);
    const last = chunks.at(-1)?.sequence ?? after;
    return { chunks, hasMore: await this.existsAfter(executionId, last) };
  }

  private async existsAfter(executionId: string, sequence: number): Promise<boolean> {
    const rows: unknown[] = await this.session.manager.query(
      'SELECT 1 FROM execution_output WHERE execution_id = $1 AND sequence > $2 LIMIT 1',
      [executionId, sequence],
    );
    return rows.length > 0;
  }
}

interface Row {
  sequence: number;
  step_index: number;
  attempt: number;
  stream: OutputChunk['stream'];
  text: string;
  at: Date;
}

const toChunk = (row: Row): OutputChunk => ({
  sequence: row.sequence,
  stepIndex: row.step_index,
  attempt: row.attempt,
  stream: row.stream,
  text: row.text,
  at: row.at,
});
