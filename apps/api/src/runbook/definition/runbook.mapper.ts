import type { RunbookDto, RunbookVersionDto } from '@aiops/contracts';
import type { RunbookWithStats } from './runbook.service.js';
import type { RunbookVersion } from './runbook.types.js';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export function toRunbookDto(runbook: RunbookWithStats): RunbookDto {
  const { breaker, stats } = runbook;
  return {
    id: runbook.id,
    name: runbook.name,
    description: runbook.description,
    category: runbook.category,
    tags: runbook.tags,
    version: runbook.version,
    yaml: runbook.yaml,
    approval: runbook.approval,
    enabled: runbook.enabled,
    breaker: {
      state: breaker.state,
      failures: breaker.failures,
      opened_at: time(breaker.openedAt),
      retry_at: time(breaker.retryAt),
    },
    stats: {
      runs: stats.runs,
      succeeded: stats.succeeded,
      failed: stats.failed,
      last_run_at: time(stats.lastRunAt),
      last_status: stats.lastStatus,
    },
    created_at: runbook.createdAt.toISOString(),
    updated_at: runbook.updatedAt.toISOString(),
  };
}

export function toVersionDto(version: RunbookVersion): RunbookVersionDto {
  return {
    id: version.id,
    runbook_id: version.runbookId,
    version: version.version,
    yaml: version.yaml,
    created_by: version.createdBy,
    created_at: version.createdAt.toISOString(),
  };
}
