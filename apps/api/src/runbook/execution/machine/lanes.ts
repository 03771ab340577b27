import { groupBy } from '../group-by.js';
import type { ExecutionStep, MachineState } from './state.js';

/**
 * A lane is the sequence of one target's steps in one stage. Lanes run beside each other; within a lane a step
 * starts only when the one before it has ended.
 */
export interface Lane {
  lane: number;
  steps: ExecutionStep[];
  /** The step that stands to be done, running or waiting; undefined when all have ended. */
  current: ExecutionStep | undefined;
  /** The failure that ended the lane. */
  failed: ExecutionStep | undefined;
  begun: boolean;
}

const ended = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

export function lanesOf(state: MachineState): Lane[] {
  const steps = state.steps.filter((step) => step.phase === state.stage && step.lane >= 0);
  const byLane = groupBy(steps, (step) => step.lane);
  const wanted = (lane: number) => state.stage !== 'rollback' || state.rollbackLanes.includes(lane);
  return [...byLane.keys()]
    .filter(wanted)
    .sort((a, b) => a - b)
    .map((lane) => toLane(lane, byLane.get(lane) ?? []));
}

function toLane(lane: number, steps: ExecutionStep[]): Lane {
  return {
    lane,
    steps,
    failed: steps.find(isFatal),
    current: steps.find((step) => !ended.has(step.status)),
    begun: steps.some(hasBegun),
  };
}

/** A check that failed is never passed over: the fix is then not proved. */
function isFatal(step: ExecutionStep): boolean {
  return step.status === 'failed' && (step.phase === 'verify' || step.policy.onFailure !== 'continue');
}

function hasBegun(step: ExecutionStep): boolean {
  return (
    step.startedAt !== null ||
    step.finishedAt !== null ||
    step.approvedBy !== null ||
    step.status === 'awaiting_approval'
  );
}

export const isOver = (lane: Lane): boolean => lane.failed !== undefined || lane.current === undefined;

/** The lanes that may do something now: those under way, and new ones as far as the strategy lets them start. */
export function activeLanes(state: MachineState): Lane[] {
  const lanes = lanesOf(state);
  const underWay = lanes.filter((lane) => lane.begun && !isOver(lane));
  const failures = lanes.filter((lane) => lane.failed !== undefined).length;
  const startsMore = state.stage !== 'steps' || failures <= state.strategy.maxFailures;
  if (!startsMore) return underWay;
  const fresh = lanes.filter((lane) => !lane.begun && !isOver(lane));
  return [...underWay, ...fresh.slice(0, Math.max(0, state.strategy.batch - underWay.length))];
}
