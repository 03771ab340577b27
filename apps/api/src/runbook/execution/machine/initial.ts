import type { ExecutionStep, MachineState } from './state.js';

interface Start {
  steps: ExecutionStep[];
  strategy: MachineState['strategy'];
  approvalExpiresMs: number;
  /** Whether a person must approve the plan first. */
  ask: boolean;
}

/** An execution as it begins: queued, or waiting for the approval of its plan. */
export function initialState(start: Start, now: Date): MachineState {
  const expires = new Date(now.getTime() + start.approvalExpiresMs);
  return {
    status: start.ask ? 'awaiting_approval' : 'queued',
    stage: 'steps',
    reason: start.ask ? 'Its plan waits for approval.' : null,
    steps: start.steps,
    strategy: start.strategy,
    approvalExpiresMs: start.approvalExpiresMs,
    approvalExpiresAt: start.ask ? expires : null,
    approvedBy: null,
    interventions: [],
    ending: null,
    verdict: null,
    rollbackLanes: [],
    verifyStartedAt: null,
    wakeAt: start.ask ? expires : now,
    startedAt: null,
    finishedAt: null,
  };
}

/** A plan alone: everything in it is marked as not run, and it never leaves this state. */
export function dryRunState(start: Omit<Start, 'ask'>, now: Date): MachineState {
  const reason = 'Dry run: this is the plan, nothing was run.';
  const steps = start.steps.map((step) => ({
    ...step,
    status: 'skipped' as const,
    reason: 'Dry run: not run.',
  }));
  return {
    ...initialState({ ...start, steps, ask: false }, now),
    status: 'succeeded',
    reason,
    wakeAt: null,
    finishedAt: now,
  };
}
