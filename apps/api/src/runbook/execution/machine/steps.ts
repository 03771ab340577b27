import type { ExecutionStep, MachineState } from './state.js';

/** Starts of one step that may end without anybody knowing how, before a person must look, idempotent or not. */
export const MAX_INTERRUPTIONS = 3;

export function withStep(state: MachineState, index: number, change: Partial<ExecutionStep>): MachineState {
  return {
    ...state,
    steps: state.steps.map((step) => (step.index === index ? { ...step, ...change } : step)),
  };
}

/** Running on a target or against a URL, as opposed to the wait for the alert, which holds nothing. */
export function isInFlight(step: ExecutionStep): boolean {
  return step.status === 'running' && step.kind !== 'alert_resolved';
}

export const inFlight = (state: MachineState): ExecutionStep[] => state.steps.filter(isInFlight);

export const alertWait = (state: MachineState): ExecutionStep | undefined =>
  state.steps.find((step) => step.kind === 'alert_resolved' && step.status === 'running');

/** When the wait for the alert is over; it counts from the start of the verification. */
export function alertDeadline(state: MachineState, step: ExecutionStep): Date {
  const start = state.verifyStartedAt ?? step.startedAt ?? new Date(0);
  return new Date(start.getTime() + (step.policy.withinMs ?? 0));
}

/**
 * Steps in flight whose end nobody will learn. An idempotent one is made ready to run again, said so in its reason;
 * any other stays `interrupted` until a person decides. With an end already decided, none is run again.
 */
export function interruptInFlight(state: MachineState, why: string, now: Date): MachineState {
  return inFlight(state).reduce((current, step) => interruptStep(current, step, why, now), state);
}

export function interruptStep(
  state: MachineState,
  step: ExecutionStep,
  why: string,
  now: Date,
): MachineState {
  const interruptions = step.interruptions + 1;
  const again = step.policy.idempotent && interruptions < MAX_INTERRUPTIONS && state.ending === null;
  if (again) {
    return withStep(state, step.index, {
      status: 'pending',
      interruptions,
      notBefore: null,
      reason: `Attempt ${step.attempt} was interrupted (${why}); it is idempotent and runs again.`,
    });
  }
  return withStep(state, step.index, {
    status: 'interrupted',
    interruptions,
    finishedAt: now,
    reason: `Interrupted (${why}): nobody knows how far it got.`,
  });
}
