import type { RunbookDto, RunbookVersionDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { RunbookWithStats } from './runbook.service.js';
import type { RunbookVersion } from './runbook.types.js';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;
const runbook = fieldsOf<RunbookWithStats>();
const version = fieldsOf<RunbookVersion>();

export const runbookFields: Fields<RunbookWithStats, RunbookDto> = {
  id: runbook.same('id'),
  name: runbook.same('name'),
  description: runbook.same('description'),
  category: runbook.same('category'),
  tags: runbook.same('tags'),
  version: runbook.same('version'),
  yaml: runbook.same('yaml'),
  approval: runbook.same('approval'),
  enabled: runbook.same('enabled'),
  breaker: runbook.from(['breaker'], ({ breaker }) => ({
    state: breaker.state,
    failures: breaker.failures,
    opened_at: time(breaker.openedAt),
    retry_at: time(breaker.retryAt),
  })),
  stats: runbook.from(['stats'], ({ stats }) => ({
    runs: stats.runs,
    succeeded: stats.succeeded,
    failed: stats.failed,
    last_run_at: time(stats.lastRunAt),
    last_status: stats.lastStatus,
  })),
  created_at: runbook.time('createdAt'),
  updated_at: runbook.time('updatedAt'),
};
export const toRunbookDto = mapperOf(runbookFields);

export const versionFields: Fields<RunbookVersion, RunbookVersionDto> = {
  id: version.same('id'),
  runbook_id: version.same('runbookId'),
  version: version.same('version'),
  yaml: version.same('yaml'),
  created_by: version.same('createdBy'),
  created_at: version.time('createdAt'),
};
export const toVersionDto = mapperOf(versionFields);
