import type { ExecutionStatus, StepStatus } from '@aiops/contracts';
import type { ExecutionStep, MachineState } from './state.js';

/** Ends an execution: what has not run is marked as such, with the reason why it never will. */
export function finish(
  state: MachineState,
  status: ExecutionStatus,
  reason: string,
  now: Date,
): MachineState {
  return {
    ...state,
    status,
    reason,
    steps: state.steps.map((step) => closeStep(step, status, now)),
    approvalExpiresAt: null,
    wakeAt: null,
    finishedAt: now,
  };
}

function closeStep(step: ExecutionStep, status: ExecutionStatus, now: Date): ExecutionStep {
  const stopped = status === 'cancelled' || status === 'rejected';
  const open: Partial<Record<StepStatus, true>> = { pending: true, awaiting_approval: true, running: true };
  if (open[step.status] === undefined) return step;
  if (step.status === 'running') return { ...step, status: 'cancelled', finishedAt: now, notBefore: null };
  if (stopped)
    return { ...step, status: 'cancelled', reason: `Not run: the execution was ${status}.`, notBefore: null };
  const reason = step.phase === 'rollback' ? 'Not needed.' : 'Not reached.';
  return { ...step, status: 'skipped', reason, notBefore: null };
}
