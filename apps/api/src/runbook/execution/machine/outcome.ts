import { retryDelayMs } from '@aiops/runbook-format';
import type { StepOutcome } from './events.js';
import type { ExecutionStep, MachineState } from './state.js';
import { interruptStep, withStep } from './steps.js';

const STOP_UNPROVED = 'It was told to stop, and nobody knows whether it did: it may still run.';

/** Records how a start of a step ended, and whether it is tried again. */
export function recordOutcome(
  state: MachineState,
  step: ExecutionStep,
  outcome: StepOutcome,
  now: Date,
): MachineState {
  switch (outcome.kind) {
    case 'succeeded':
      return withStep(state, step.index, {
        status: 'succeeded',
        exitCode: outcome.exitCode,
        result: outcome.result,
        reason: null,
        finishedAt: now,
      });
    case 'cancelled':
      // Nobody asked for a stop: then its end is as unknown as any.
      if (state.ending === null) return interruptStep(state, step, 'it was stopped half-way', now);
      return withStep(state, step.index, {
        status: 'cancelled',
        reason: outcome.mayStillRun === true ? STOP_UNPROVED : 'Stopped on request.',
        finishedAt: now,
      });
    case 'unknown':
      return interruptStep(state, step, outcome.reason, now);
    case 'timed_out':
      return recordFailure(state, step, { exitCode: null, result: null, ...outcome }, now);
    case 'failed':
      return recordFailure(state, step, outcome, now);
  }
}

interface Failure {
  kind: 'failed' | 'timed_out';
  reason: string;
  exitCode: number | null;
  result: ExecutionStep['result'];
  mayStillRun?: boolean;
}

function recordFailure(state: MachineState, step: ExecutionStep, failure: Failure, now: Date): MachineState {
  const failures = step.attempt - step.interruptions;
  const ended = { exitCode: failure.exitCode, result: failure.result, finishedAt: now };
  const delayMs = retryDelayMs(step.policy, failures);
  // A second try beside a first that may still run would be running it twice.
  const safe = failure.mayStillRun !== true || step.policy.idempotent;
  if (delayMs !== null && safe && state.ending === null) {
    return withStep(state, step.index, {
      ...ended,
      status: 'pending',
      notBefore: new Date(now.getTime() + delayMs),
      reason: `Attempt ${failures} of ${step.policy.attempts} failed: ${failure.reason}`,
    });
  }
  return failStep(withStep(state, step.index, ended), step, failure.kind, failure.reason, now);
}

/** The step has failed for good; the first such failure is why the execution fails. */
export function failStep(
  state: MachineState,
  step: ExecutionStep,
  kind: 'failed' | 'timed_out',
  reason: string,
  now: Date,
): MachineState {
  const failed = withStep(state, step.index, { status: 'failed', reason, finishedAt: now, notBefore: null });
  const passedOver = step.phase !== 'verify' && step.policy.onFailure === 'continue';
  if (passedOver || step.phase === 'rollback' || state.verdict !== null) return failed;
  const where = step.targetName === null ? '' : ` on ${step.targetName}`;
  const what = step.phase === 'verify' ? 'Verification' : 'Step';
  return { ...failed, verdict: { status: kind, reason: `${what} "${step.name}"${where}: ${reason}` } };
}
