import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { parseRunbook, type Runbook } from '@aiops/runbook-format';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { closedBreaker } from '../execution/safety/breaker.js';
import { RunbookRepository, type RunbookListQuery, type StoredRunbook } from './runbook.repository.js';
import type { RunbookStats, RunbookVersion } from './runbook.types.js';

export type RunbookWithStats = StoredRunbook & { stats: RunbookStats };

const noStats: RunbookStats = { runs: 0, succeeded: 0, failed: 0, lastRunAt: null, lastStatus: null };

/** Runbooks and their versions. A version is never changed: saving adds one. */
@Injectable()
export class RunbookService {
  constructor(
    private readonly repository: RunbookRepository,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  async list(query: RunbookListQuery & Reads): Promise<Page<Sparse<RunbookWithStats>>> {
    const page = await this.repository.list(query);
    return { ...page, items: await this.withStats(page.items, query) };
  }

  /** One runbook, or of it what was asked for. */
  async read(id: string, reads: Reads): Promise<Sparse<RunbookWithStats>> {
    const found = await this.repository.read(id, reads);
    const [runbook] = found === null ? [] : await this.withStats([found], reads);
    if (runbook === undefined) throw UserError.notFound('runbook', id);
    return runbook;
  }

  async get(id: string): Promise<RunbookWithStats> {
    const [runbook] = await this.withStats([await this.visible(id)]);
    if (runbook === undefined) throw UserError.notFound('runbook', id);
    return runbook;
  }

  /** @throws UserError `validation` with line and column of every fault, `conflict` when the name is taken */
  @Transactional()
  async create(yaml: string, actor: Actor): Promise<RunbookWithStats> {
    const runbook = validRunbook(yaml);
    await this.requireFreeName(runbook.name, null);
    const now = this.clock.now();
    const id = newId();
    const version = { id: newId(), runbookId: id, version: 1, yaml, createdBy: actor.name, createdAt: now };
    const record: StoredRunbook = {
      id,
      ...described(runbook),
      version: 1,
      versionId: version.id,
      yaml,
      enabled: true,
      breaker: closedBreaker,
      deletedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.repository.save(record, version);
    await this.audit.record({ action: 'runbook.created', ...auditedRunbook.made(record) });
    return { ...record, stats: noStats };
  }

  /** Adds a version; the same text again adds none. */
  @Transactional()
  async replace(id: string, yaml: string, actor: Actor): Promise<RunbookWithStats> {
    const runbook = validRunbook(yaml);
    const before = await this.locked(id);
    if (before.yaml === yaml) return this.get(id);
    await this.requireFreeName(runbook.name, id);
    const now = this.clock.now();
    const number = before.version + 1;
    const version = {
      id: newId(),
      runbookId: id,
      version: number,
      yaml,
      createdBy: actor.name,
      createdAt: now,
    };
    const after = {
      ...before,
      ...described(runbook),
      version: number,
      versionId: version.id,
      yaml,
      updatedAt: now,
    };
    await this.repository.save(after, version);
    await this.audit.record({ action: 'runbook.updated', ...auditedRunbook.changed(before, after) });
    return this.get(id);
  }

  /** Hides it: nothing starts it any more, and its executions and versions stay. */
  @Transactional()
  async remove(id: string): Promise<void> {
    const record = await this.locked(id);
    await this.repository.save({ ...record, deletedAt: this.clock.now() }, null);
    await this.audit.record({ action: 'runbook.removed', ...auditedRunbook.removed(record) });
  }

  @Transactional()
  async setEnabled(id: string, enabled: boolean): Promise<RunbookWithStats> {
    const record = await this.locked(id);
    const after = { ...record, enabled };
    if (record.enabled !== enabled)
      await this.repository.save({ ...after, updatedAt: this.clock.now() }, null);
    await this.audit.record({
      action: enabled ? 'runbook.enabled' : 'runbook.disabled',
      ...auditedRunbook.changed(record, after),
    });
    return this.get(id);
  }

  async versions(id: string, query: ListQuery & Reads): Promise<Page<Sparse<RunbookVersion>>> {
    if (!(await this.repository.exists(id))) throw UserError.notFound('runbook', id);
    return this.repository.versions(id, query);
  }

  /** Of one version what was asked for. @throws UserError `not_found` */
  async version(id: string, number: number, reads: Reads): Promise<Sparse<RunbookVersion>> {
    if (!(await this.repository.exists(id))) throw UserError.notFound('runbook', id);
    const version = await this.repository.version(id, number, reads);
    if (version === null) throw new UserError('not_found', `The runbook ${id} has no version ${number}.`);
    return version;
  }

  private async visible(id: string): Promise<StoredRunbook> {
    const record = await this.repository.find(id);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', id);
    return record;
  }

  private async locked(id: string): Promise<StoredRunbook> {
    const record = await this.repository.lock(id);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', id);
    return record;
  }

  private async requireFreeName(name: string, ownId: string | null): Promise<void> {
    const other = await this.repository.findByName(name);
    if (other !== null && other.id !== ownId) throw nameTaken(name);
  }

  private async withStats<R extends { id: string }>(
    runbooks: R[],
    { reads }: Reads = {},
  ): Promise<(R & { stats: RunbookStats })[]> {
    if (reads !== undefined && reads !== null && !reads.has('stats'))
      return runbooks.map((runbook) => ({ ...runbook, stats: noStats }));
    const stats = await this.repository.stats(runbooks.map((runbook) => runbook.id));
    return runbooks.map((runbook) => ({ ...runbook, stats: stats.get(runbook.id) ?? noStats }));
  }
}

/** The text of each version is kept with the runbook; here is its number. */
const auditedRunbook = audited<StoredRunbook>()({
  kind: 'runbook',
  name: (runbook) => runbook.name,
  fields: ['name', 'description', 'category', 'tags', 'approval', 'version', 'enabled'],
});

const nameTaken = (name: string): UserError =>
  new UserError('conflict', `There is a runbook called ${name} already.`, [
    { field: 'name', message: 'is taken' },
  ]);

function validRunbook(yaml: string): Runbook {
  const { runbook, errors } = parseRunbook(yaml);
  if (runbook !== null) return runbook;
  const count = errors.length === 1 ? 'one fault' : `${errors.length} faults`;
  throw new UserError(
    'validation',
    `The runbook has ${count}.`,
    errors.map(({ line, column, message, path }) => ({
      field: path ?? 'yaml',
      message: `line ${line}, column ${column}: ${message}`,
      line,
      column,
    })),
  );
}

function described(
  runbook: Runbook,
): Pick<StoredRunbook, 'name' | 'description' | 'category' | 'tags' | 'approval'> {
  const { name, description, category, tags, safety } = runbook;
  return { name, description, category: category ?? 'general', tags, approval: safety.approval };
}
