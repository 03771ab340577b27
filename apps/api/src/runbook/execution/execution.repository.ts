import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  executionStatusSchema,
  finalExecutionStatuses,
  type executionListQuerySchema,
} from '@aiops/contracts';
import { In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  UserError,
  type Page,
  type Reads,
  type Sparse,
  type StoredTrace,
} from '../../platform/index.js';
import { ExecutionEntity } from './execution.entity.js';
import type { ExecutionOutcome } from './execution.request.js';
import { groupBy } from './group-by.js';
import { stateColumns, toExecution, toExecutionRow, toStep, toStepRow } from './execution.rows.js';
import { ExecutionStepEntity } from './execution-step.entity.js';
import { ExecutionTargetEntity } from './execution-target.entity.js';
import type { Execution } from './execution.types.js';

export type ExecutionListQuery = z.infer<typeof executionListQuerySchema>;

const STEP_ROWS_PER_INSERT = 500;

/** Executions as they are asked for, read and listed; a run's own writes are in the transition store. */
@Injectable()
export class ExecutionRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  async insert(execution: Execution): Promise<void> {
    await this.session.transaction(async () => {
      const manager = this.session.manager;
      // Typed loosely: TypeORM's deep partial of the nested JSON columns is too deep for the compiler.
      await manager.insert<ObjectLiteral>(ExecutionEntity, toExecutionRow(execution));
      const steps = execution.steps.map((step) => toStepRow(execution.id, step));
      for (let start = 0; start < steps.length; start += STEP_ROWS_PER_INSERT) {
        await manager.insert(ExecutionStepEntity, steps.slice(start, start + STEP_ROWS_PER_INSERT));
      }
      const targets = execution.targets.map((target) => ({ executionId: execution.id, targetId: target.id }));
      if (targets.length > 0) await manager.insert(ExecutionTargetEntity, targets);
    });
  }

  /** Holds the row until the transaction ends. */
  async lock(id: string): Promise<{ version: number; leaseToken: string | null } | null> {
    const rows: { version: number; lease_token: string | null }[] = await this.session.manager.query(
      'SELECT version, lease_token FROM executions WHERE id = $1 FOR UPDATE',
      [id],
    );
    const [row] = rows;
    return row === undefined ? null : { version: row.version, leaseToken: row.lease_token };
  }

  /** What a worker needs to know of an execution before it takes it up. */
  async headOf(id: string): Promise<Pick<Execution, 'runbookVersionId' | 'trace'> | null> {
    const rows: { runbook_version_id: string; trace: StoredTrace | null }[] =
      await this.session.manager.query('SELECT runbook_version_id, trace FROM executions WHERE id = $1', [
        id,
      ]);
    const [row] = rows;
    return row === undefined ? null : { runbookVersionId: row.runbook_version_id, trace: row.trace };
  }

  /** Stores what a transition changed: the state and the steps that are not the same objects any more. */
  async update(before: Execution, after: Execution): Promise<void> {
    const changed = after.steps.filter((step, index) => step !== before.steps[index]);
    await this.session.manager.update<ObjectLiteral>(ExecutionEntity, { id: after.id }, stateColumns(after));
    if (changed.length === 0) return;
    const rows = changed.map((step) => toStepRow(after.id, step));
    await this.session.manager.upsert(ExecutionStepEntity, rows, ['executionId', 'index']);
  }

  async find(id: string): Promise<Execution | null> {
    const row = await this.session.manager.findOneBy(ExecutionEntity, { id });
    return row === null ? null : ((await this.withSteps([row]))[0] ?? null);
  }

  /** Of one execution what was asked for. */
  async read(id: string, reads: Reads): Promise<Sparse<Execution> | null> {
    const builder = this.session.manager.createQueryBuilder(ExecutionEntity, 'execution').where({ id });
    const row = await this.lists.one(builder, reads);
    return row === null ? null : ((await this.complete([row], reads))[0] ?? null);
  }

  async list(query: ExecutionListQuery & Reads): Promise<Page<Sparse<Execution>>> {
    const builder = this.session.manager.createQueryBuilder(ExecutionEntity, 'execution');
    applyFilters(builder, query);
    const page = await this.lists.sparse(builder, query, {
      columns: {
        created_at: { property: 'createdAt', kind: 'time' },
        updated_at: { property: 'updatedAt', kind: 'time' },
        status: { property: 'status', kind: 'text' },
      },
      fallback: '-created_at',
    });
    return { ...page, items: await this.complete(page.items, query) };
  }

  async forAlert(alertId: string): Promise<Execution[]> {
    const rows = await this.session.manager.find(ExecutionEntity, {
      where: { alertId },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: 100,
    });
    return this.withSteps(rows);
  }

  /** Ids of executions for an alert that have not ended. */
  async openForAlerts(alertIds: string[]): Promise<string[]> {
    const rows: { id: string }[] = await this.session.manager.query(
      `SELECT id FROM executions WHERE alert_id = ANY($1) AND NOT status = ANY($2)`,
      [alertIds, finalExecutionStatuses],
    );
    return rows.map((row) => row.id);
  }

  async outcomesForAlerts(alertIds: string[]): Promise<ExecutionOutcome[]> {
    if (alertIds.length === 0) return [];
    const rows: OutcomeRow[] = await this.session.manager.query(outcomesSql, [
      alertIds,
      finalExecutionStatuses,
    ]);
    return rows.map((row) => ({
      executionId: row.id,
      runbookId: row.runbook_id,
      runbookName: row.runbook_name,
      status: row.status,
      durationMs: row.started_at === null ? null : row.finished_at.getTime() - row.started_at.getTime(),
      alertId: row.alert_id,
    }));
  }

  private async withSteps(rows: ExecutionEntity[]): Promise<Execution[]> {
    const steps = await this.stepsOf(rows);
    return rows.map((row) => toExecution(row, steps.get(row.id) ?? []));
  }

  /** Steps stand in a table of their own, and are read where they were asked for. */
  private async complete(rows: Sparse<ExecutionEntity>[], { reads }: Reads): Promise<Sparse<Execution>[]> {
    if (reads?.has('steps') === false) return rows;
    const steps = await this.stepsOf(rows);
    return rows.map((row) => ({ ...row, steps: (steps.get(row.id) ?? []).map(toStep) }));
  }

  private async stepsOf(rows: { id: string }[]): Promise<Map<string, ExecutionStepEntity[]>> {
    if (rows.length === 0) return new Map();
    const steps = await this.session.manager.find(ExecutionStepEntity, {
      where: { executionId: In(rows.map((row) => row.id)) },
      order: { executionId: 'ASC', index: 'ASC' },
    });
    return groupBy(steps, (step) => step.executionId);
  }
}

interface OutcomeRow {
  id: string;
  runbook_id: string;
  runbook_name: string;
  status: string;
  started_at: Date | null;
  finished_at: Date;
  alert_id: string;
}

const outcomesSql = `
  SELECT id, runbook_id, runbook_name, status, started_at, finished_at, alert_id FROM executions
  WHERE alert_id = ANY($1) AND status = ANY($2) AND NOT dry_run
  ORDER BY created_at DESC LIMIT 200`;

function applyFilters(builder: SelectQueryBuilder<ExecutionEntity>, query: ExecutionListQuery): void {
  if (query.status !== undefined)
    builder.andWhere('execution.status IN (:...statuses)', { statuses: statuses(query.status) });
  if (query.runbook_id !== undefined)
    builder.andWhere('execution.runbookId = :runbook', { runbook: query.runbook_id });
  if (query.alert_id !== undefined) builder.andWhere('execution.alertId = :alert', { alert: query.alert_id });
  if (query.target_id !== undefined) {
    builder.andWhere(
      'execution.id IN (SELECT t.execution_id FROM execution_targets t WHERE t.target_id = :target)',
      { target: query.target_id },
    );
  }
  if (query.q !== undefined) {
    builder.andWhere('(execution.runbookName ILIKE :like OR execution.reason ILIKE :like)', {
      like: containing(query.q),
    });
  }
}

/** One status or several with commas between them. */
function statuses(text: string): string[] {
  return text.split(',').map((part) => {
    const parsed = executionStatusSchema.safeParse(part.trim());
    if (parsed.success) return parsed.data;
    throw UserError.invalid('status', `"${part}" is none of ${executionStatusSchema.options.join(', ')}`);
  });
}
