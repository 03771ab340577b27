import {
  finalExecutionStatuses,
  type ExecutionDto,
  type ExecutionOutputDto,
  type ExecutionPlanDto,
  type ExecutionStepDto,
  type OutputChunkDto,
} from '@aiops/contracts';
import type { Execution, ExecutionStep, Plan } from './execution.types.js';
import type { OutputChunk } from './output/output.types.js';

const isFinal = (status: string): boolean => finalExecutionStatuses.some((final) => final === status);
const time = (date: Date | null): string | null => date?.toISOString() ?? null;

function toStepDto(step: ExecutionStep): ExecutionStepDto {
  return {
    index: step.index,
    phase: step.phase,
    name: step.name,
    kind: step.kind,
    target: step.targetName,
    status: step.status,
    attempt: step.attempt,
    exit_code: step.exitCode,
    command: step.command,
    reason: step.reason,
    approval_required: step.approvalRequired,
    started_at: time(step.startedAt),
    finished_at: time(step.finishedAt),
  };
}

function toPlanDto(plan: Plan): ExecutionPlanDto {
  return {
    hash: plan.hash,
    targets: plan.targets.map(({ id, name, host, username }) => ({ id, name, host, username })),
    parameters: plan.parameters,
    steps: plan.steps.map((step) => ({
      phase: step.phase,
      name: step.name,
      target: step.target,
      command: step.command,
      approval_required: step.approvalRequired,
      unknown: step.unknown,
    })),
  };
}

export function toExecutionDto(execution: Execution): ExecutionDto {
  return {
    id: execution.id,
    status: execution.status,
    trigger: execution.trigger,
    dry_run: execution.dryRun,
    runbook: { id: execution.runbookId, name: execution.runbookName, version: execution.runbookVersion },
    alert_id: execution.alertId,
    target: execution.targets[0]?.name ?? null,
    targets: execution.targets.map(({ id, name }) => ({ id, name })),
    parameters: execution.parameters,
    steps: execution.steps.map(toStepDto),
    plan: toPlanDto(execution.plan),
    reason: execution.reason,
    approval_expires_at: time(execution.approvalExpiresAt),
    cancel_requested: execution.ending?.status === 'cancelled' && !isFinal(execution.status),
    requested_by: execution.requestedBy,
    approved_by: execution.approvedBy,
    interventions: execution.interventions.map(({ stepIndexes, ...intervention }) => ({
      ...intervention,
      step_indexes: stepIndexes,
    })),
    created_at: execution.createdAt.toISOString(),
    started_at: time(execution.startedAt),
    finished_at: time(execution.finishedAt),
    updated_at: execution.updatedAt.toISOString(),
  };
}

export const toChunkDto = (chunk: OutputChunk): OutputChunkDto => ({
  offset: chunk.sequence,
  step_index: chunk.stepIndex,
  attempt: chunk.attempt,
  stream: chunk.stream,
  text: chunk.text,
  at: chunk.at.toISOString(),
});

export function toOutputDto(
  page: { chunks: OutputChunk[]; hasMore: boolean },
  after: number,
): ExecutionOutputDto {
  return {
    chunks: page.chunks.map(toChunkDto),
    next_offset: page.chunks.at(-1)?.sequence ?? after,
    has_more: page.hasMore,
  };
}
