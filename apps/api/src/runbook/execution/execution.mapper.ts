import {
  finalExecutionStatuses,
  type ExecutionDto,
  type ExecutionOutputDto,
  type ExecutionPlanDto,
  type ExecutionStepDto,
  type OutputChunkDto,
} from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
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

const { same, time: at, timeOrNull, from } = fieldsOf<Execution>();

export const executionFields: Fields<Execution, ExecutionDto> = {
  id: same('id'),
  status: same('status'),
  trigger: same('trigger'),
  dry_run: same('dryRun'),
  runbook: from(['runbookId', 'runbookName', 'runbookVersion'], (execution) => ({
    id: execution.runbookId,
    name: execution.runbookName,
    version: execution.runbookVersion,
  })),
  alert_id: same('alertId'),
  target: from(['targets'], ({ targets }) => targets[0]?.name ?? null),
  targets: from(['targets'], ({ targets }) => targets.map(({ id, name }) => ({ id, name }))),
  parameters: same('parameters'),
  steps: from(['steps'], ({ steps }) => steps.map(toStepDto)),
  plan: from(['plan'], ({ plan }) => toPlanDto(plan)),
  reason: same('reason'),
  approval_expires_at: timeOrNull('approvalExpiresAt'),
  cancel_requested: from(
    ['ending', 'status'],
    ({ ending, status }) => ending?.status === 'cancelled' && !isFinal(status),
  ),
  requested_by: same('requestedBy'),
  approved_by: same('approvedBy'),
  interventions: from(['interventions'], ({ interventions }) =>
    interventions.map(({ stepIndexes, ...intervention }) => ({ ...intervention, step_indexes: stepIndexes })),
  ),
  created_at: at('createdAt'),
  started_at: timeOrNull('startedAt'),
  finished_at: timeOrNull('finishedAt'),
  updated_at: at('updatedAt'),
};
export const toExecutionDto = mapperOf(executionFields);

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
