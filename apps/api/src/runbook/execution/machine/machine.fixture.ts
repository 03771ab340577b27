import { initialState } from './initial.js';
import type { ActorRef, ExecutionStep, MachineState, StepPolicy } from './state.js';

export const start = new Date('2026-01-01T00:00:00.000Z');
export const after = (ms: number): Date => new Date(start.getTime() + ms);
export const person: ActorRef = { kind: 'user', id: null, name: 'Ada' };

const policy: StepPolicy = {
  onFailure: 'stop',
  attempts: 1,
  delayMs: 1000,
  backoff: 'fixed',
  idempotent: false,
  withinMs: null,
};

export interface StepSketch extends Partial<Omit<StepPolicy, 'withinMs'>> {
  phase?: ExecutionStep['phase'];
  lane?: number;
  approval?: boolean;
}

export function step(index: number, sketch: StepSketch = {}): ExecutionStep {
  const { phase = 'steps', lane = 0, approval = false, ...rules } = sketch;
  return {
    index,
    phase,
    position: index,
    kind: 'command',
    name: `step ${index}`,
    lane,
    targetId: null,
    targetName: `target-${lane}`,
    policy: { ...policy, ...rules },
    approvalRequired: approval,
    approvedBy: null,
    status: 'pending',
    attempt: 0,
    interruptions: 0,
    notBefore: null,
    exitCode: null,
    command: null,
    reason: null,
    result: null,
    startedAt: null,
    finishedAt: null,
  };
}

export function alertStep(index: number, withinMs: number): ExecutionStep {
  const base = step(index, { phase: 'verify', lane: -1 });
  return { ...base, kind: 'alert_resolved', targetName: null, policy: { ...base.policy, withinMs } };
}

export function execution(
  sketches: StepSketch[],
  options: { ask?: boolean; alertWithinMs?: number; batch?: number; maxFailures?: number } = {},
): MachineState {
  const steps = sketches.map((sketch, index) => step(index, sketch));
  if (options.alertWithinMs !== undefined) steps.push(alertStep(steps.length, options.alertWithinMs));
  const strategy = { batch: options.batch ?? 1, maxFailures: options.maxFailures ?? 0 };
  return initialState({ steps, strategy, approvalExpiresMs: 60_000, ask: options.ask ?? false }, start);
}
