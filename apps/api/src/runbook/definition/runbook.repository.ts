import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ListQuery, runbookListQuerySchema } from '@aiops/contracts';
import { In, IsNull, QueryFailedError, type SelectQueryBuilder } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import type { RunbookBreaker } from '../execution/safety/breaker.js';
import { RunbookVersionEntity } from './runbook-version.entity.js';
import { RunbookEntity } from './runbook.entity.js';
import type { RunbookRecord, RunbookStats, RunbookVersion } from './runbook.types.js';

export type RunbookListQuery = z.infer<typeof runbookListQuerySchema>;
export type StoredRunbook = RunbookRecord & { breaker: RunbookBreaker };

const sortColumns = {
  columns: {
    name: { property: 'name', kind: 'text' },
    created_at: { property: 'createdAt', kind: 'time' },
    updated_at: { property: 'updatedAt', kind: 'time' },
  },
  fallback: 'name',
} as const;

/** Runbooks, their versions and their breakers. */
@Injectable()
export class RunbookRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  /** Stores a runbook and its newest version; earlier versions are never touched. @throws UserError `conflict` for a name that is taken */
  async save(record: StoredRunbook, version: RunbookVersion | null): Promise<void> {
    try {
      await this.session.manager.upsert(RunbookEntity, toRow(record), ['id']);
    } catch (error) {
      if (!isNameTaken(error)) throw error;
      throw new UserError('conflict', `There is a runbook called ${record.name} already.`);
    }
    if (version !== null) await this.session.manager.insert(RunbookVersionEntity, version);
  }

  async setBreaker(id: string, breaker: RunbookBreaker): Promise<void> {
    await this.session.manager.update(RunbookEntity, { id }, breakerColumns(breaker));
  }

  /** Also finds a hidden one, by its id alone. */
  async find(id: string): Promise<StoredRunbook | null> {
    const row = await this.session.manager.findOneBy(RunbookEntity, { id });
    return row === null ? null : ((await this.withYaml([row]))[0] ?? null);
  }

  /** Whether there is one that is not hidden. */
  exists(id: string): Promise<boolean> {
    return this.session.manager.exists(RunbookEntity, { where: { id, deletedAt: IsNull() } });
  }

  /** As `find`, and nobody else changes it until the transaction ends. */
  async lock(id: string): Promise<StoredRunbook | null> {
    await this.session.manager.query('SELECT 1 FROM runbooks WHERE id = $1 FOR UPDATE', [id]);
    return this.find(id);
  }

  async findByName(name: string): Promise<StoredRunbook | null> {
    const row = await this.session.manager.findOneBy(RunbookEntity, { name, deletedAt: IsNull() });
    return row === null ? null : ((await this.withYaml([row]))[0] ?? null);
  }

  async enabled(): Promise<StoredRunbook[]> {
    const rows = await this.session.manager.find(RunbookEntity, {
      where: { enabled: true, deletedAt: IsNull() },
      order: { name: 'ASC' },
    });
    return this.withYaml(rows);
  }

  async list(query: RunbookListQuery & Reads): Promise<Page<Sparse<StoredRunbook>>> {
    const builder = this.visible();
    applyFilters(builder, query);
    const { items, ...page } = await this.lists.sparse(builder, columnsOf(query), sortColumns);
    return { ...page, items: await this.complete(items, query) };
  }

  /** One that is not hidden, or of it what was asked for. */
  async read(id: string, reads: Reads): Promise<Sparse<StoredRunbook> | null> {
    const row = await this.lists.one(this.visible().andWhere({ id }), columnsOf(reads));
    return row === null ? null : ((await this.complete([row], reads))[0] ?? null);
  }

  versions(runbookId: string, query: ListQuery & Reads): Promise<Page<Sparse<RunbookVersion>>> {
    const builder = this.session.manager
      .createQueryBuilder(RunbookVersionEntity, 'version')
      .where({ runbookId });
    if (query.q !== undefined) builder.andWhere('version.yaml ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        version: { property: 'version', kind: 'number' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: '-version',
    });
  }

  version(runbookId: string, version: number, reads: Reads): Promise<Sparse<RunbookVersion> | null> {
    const builder = this.session.manager
      .createQueryBuilder(RunbookVersionEntity, 'version')
      .where({ runbookId, version });
    return this.lists.one(builder, reads);
  }

  versionById(id: string): Promise<RunbookVersion | null> {
    return this.session.manager.findOneBy(RunbookVersionEntity, { id });
  }

  /** Real runs only: a dry run proves nothing. */
  async stats(ids: string[]): Promise<Map<string, RunbookStats>> {
    const rows: StatsRow[] = await this.session.manager.query(statsSql, [ids]);
    return new Map(
      rows.map((row) => [
        row.runbook_id,
        {
          runs: Number(row.runs),
          succeeded: Number(row.succeeded),
          failed: Number(row.failed),
          lastRunAt: row.last_run_at,
          lastStatus: row.last_status,
        },
      ]),
    );
  }

  private visible(): SelectQueryBuilder<RunbookEntity> {
    return this.session.manager
      .createQueryBuilder(RunbookEntity, 'runbook')
      .where('runbook.deletedAt IS NULL');
  }

  private async withYaml(rows: RunbookEntity[]): Promise<StoredRunbook[]> {
    const yaml = await this.yamlOf(rows.map((row) => row.versionId));
    return rows.map((row) => toRecord(row, yaml.get(row.versionId) ?? ''));
  }

  /** What stands in other tables or in several columns, as far as it was asked for. */
  private async complete(rows: Sparse<RunbookEntity>[], { reads }: Reads): Promise<Sparse<StoredRunbook>[]> {
    const isRead = (property: string): boolean => reads?.has(property) ?? true;
    const versionIds = rows.flatMap(({ versionId }) => versionId ?? []);
    const yaml = isRead('yaml') ? await this.yamlOf(versionIds) : null;
    return rows.map((row) => ({
      ...row,
      ...(isRead('breaker') ? { breaker: toBreaker(row) } : {}),
      ...(yaml === null ? {} : { yaml: yaml.get(row.versionId ?? '') ?? '' }),
    }));
  }

  private async yamlOf(versionIds: string[]): Promise<Map<string, string>> {
    if (versionIds.length === 0) return new Map();
    const versions = await this.session.manager.findBy(RunbookVersionEntity, { id: In(versionIds) });
    return new Map(versions.map((version) => [version.id, version.yaml]));
  }
}

interface StatsRow {
  runbook_id: string;
  runs: string;
  succeeded: string;
  failed: string;
  last_run_at: Date | null;
  last_status: string | null;
}

const statsSql = `
  SELECT runbook_id,
    count(*) FILTER (WHERE started_at IS NOT NULL) AS runs,
    count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
    count(*) FILTER (WHERE status IN ('failed', 'rolled_back', 'timed_out')) AS failed,
    max(started_at) AS last_run_at,
    (array_agg(status ORDER BY created_at DESC))[1] AS last_status
  FROM executions WHERE runbook_id = ANY($1) AND NOT dry_run GROUP BY runbook_id`;

function applyFilters(builder: SelectQueryBuilder<RunbookEntity>, query: RunbookListQuery): void {
  if (query.name !== undefined) builder.andWhere('runbook.name = :name', { name: query.name });
  if (query.category !== undefined)
    builder.andWhere('runbook.category = :category', { category: query.category });
  if (query.tag !== undefined)
    builder.andWhere('runbook.tags @> :tag::jsonb', { tag: JSON.stringify([query.tag]) });
  if (query.q !== undefined) {
    builder.andWhere(
      '(runbook.name ILIKE :like OR runbook.description ILIKE :like OR runbook.category ILIKE :like)',
      {
        like: containing(query.q),
      },
    );
  }
}

/** PostgreSQL's 23505 on the index of names: somebody else was faster by an instant. */
function isNameTaken(error: unknown): boolean {
  return error instanceof QueryFailedError && error.message.includes('runbooks_by_name');
}

const breakerColumns = (breaker: RunbookBreaker) => ({
  breakerState: breaker.state,
  breakerFailures: breaker.failures,
  breakerOpenedAt: breaker.openedAt,
  breakerRetryAt: breaker.retryAt,
  breakerTrial: breaker.trial,
});

function toRow({ yaml: _yaml, breaker, ...columns }: StoredRunbook): RunbookEntity {
  return { ...columns, ...breakerColumns(breaker) };
}

function toRecord(row: RunbookEntity, yaml: string): StoredRunbook {
  const {
    breakerState: _state,
    breakerFailures: _failures,
    breakerOpenedAt: _openedAt,
    breakerRetryAt: _retryAt,
    breakerTrial: _trial,
    ...columns
  } = row;
  return { ...columns, yaml, breaker: toBreaker(row) };
}

const toBreaker = (row: Partial<RunbookEntity>): RunbookBreaker => ({
  state: row.breakerState ?? 'closed',
  failures: row.breakerFailures ?? 0,
  openedAt: row.breakerOpenedAt ?? null,
  retryAt: row.breakerRetryAt ?? null,
  trial: row.breakerTrial ?? null,
});

/** What has to be read of the table itself. */
function columnsOf<Q extends Reads>(query: Q): Q {
  if (query.reads === undefined || query.reads === null) return query;
  const reads = new Set(query.reads);
  if (reads.has('yaml')) reads.add('versionId');
  if (reads.has('breaker')) for (const column of breakerProperties) reads.add(column);
  return { ...query, reads };
}
const breakerProperties = [
  'breakerState',
  'breakerFailures',
  'breakerOpenedAt',
  'breakerRetryAt',
  'breakerTrial',
];
