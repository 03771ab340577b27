import type { ExecutionEntity } from './execution.entity.js';
import type { ExecutionStepEntity } from './execution-step.entity.js';
import type { Execution, ExecutionStep } from './execution.types.js';

type StepRow = Omit<ExecutionStepEntity, 'execution'>;
export type ExecutionRow = Omit<ExecutionEntity, 'leaseToken' | 'leaseOwner' | 'leaseExpiresAt'>;

/** The row of an execution, without the lease, which only claims write. */
export function toExecutionRow({ steps: _steps, ...columns }: Execution): ExecutionRow {
  return columns;
}

/** The columns that a transition may change. */
export function stateColumns(execution: Execution): Partial<ExecutionRow> {
  return {
    status: execution.status,
    stage: execution.stage,
    reason: execution.reason,
    approvalExpiresAt: execution.approvalExpiresAt,
    approvedBy: execution.approvedBy,
    interventions: execution.interventions,
    ending: execution.ending,
    verdict: execution.verdict,
    rollbackLanes: execution.rollbackLanes,
    verifyStartedAt: execution.verifyStartedAt,
    wakeAt: execution.wakeAt,
    version: execution.version,
    startedAt: execution.startedAt,
    finishedAt: execution.finishedAt,
    updatedAt: execution.updatedAt,
  };
}

export function toStepRow(executionId: string, step: ExecutionStep): StepRow {
  return { executionId, ...step };
}

export function toExecution(row: ExecutionEntity, steps: ExecutionStepEntity[]): Execution {
  const { leaseToken: _token, leaseOwner: _owner, leaseExpiresAt: _expires, ...columns } = row;
  return { ...columns, steps: steps.map(toStep) };
}

export function toStep({
  executionId: _id,
  execution: _execution,
  ...step
}: ExecutionStepEntity): ExecutionStep {
  return step;
}
