import {
  advance,
  askForAttention,
  awaitsPlanApproval,
  baseStatus,
  rollBack,
  settleEnding,
} from './advance.js';
import type { Decision, MachineEvent, OutsideEvent, Prepared, WorkerEvent } from './events.js';
import { finish } from './finish.js';
import { failStep, recordOutcome } from './outcome.js';
import { noteIntervention } from './interventions.js';
import type { Ending, MachineState } from './state.js';
import { alertDeadline, alertWait, interruptInFlight, isInFlight, withStep } from './steps.js';
import { isFinal } from './transitions.js';
import { wakeAt } from './wake.js';

/**
 * The rules of an execution: state and event give the next state and what the worker is to do. Pure: no clock, no
 * database. An event that does not fit the state (a late result, a second approval) changes nothing and does nothing.
 */
export function decide(state: MachineState, event: MachineEvent, now: Date): Decision {
  if (isFinal(state.status)) return { state, effects: [] };
  const decision = isOutside(event) ? noted(state, event, now) : fromWorker(state, event, now);
  if (decision.state === state) return decision;
  const until = event.type === 'blocked' ? event.until : wakeAt(decision.state, now);
  const wakes = event.type === 'alert_changed' ? now : until;
  return { ...decision, state: { ...decision.state, wakeAt: wakes } };
}

const outside = new Set(['approved', 'rejected', 'cancel_requested', 'resumed', 'alert_changed']);
const isOutside = (event: MachineEvent): event is OutsideEvent => outside.has(event.type);
const still = (state: MachineState): Decision => ({ state, effects: [] });

function noted(state: MachineState, event: OutsideEvent, now: Date): Decision {
  const { state: after, effects } = fromOutside(state, event, now);
  return { state: noteIntervention(state, after, event, now), effects };
}

function fromOutside(state: MachineState, event: OutsideEvent, now: Date): Decision {
  switch (event.type) {
    case 'approved':
      return still(approve(state, event.by, now));
    case 'rejected':
      if (!awaitsApproval(state)) return still(state);
      return endFromOutside(state, { status: 'rejected', reason: event.reason }, now);
    case 'cancel_requested':
      if (state.ending !== null) return still(state);
      return endFromOutside(
        state,
        { status: 'cancelled', reason: cancelReason(event.by.name, event.reason) },
        now,
      );
    case 'resumed':
      return still(resume(state, event.decision, event.by.name, now));
    case 'alert_changed':
      return still(alertWait(state) === undefined ? state : { ...state });
  }
}

const cancelReason = (by: string, reason: string | null): string =>
  reason === null || reason === '' ? `Cancelled by ${by}.` : `Cancelled by ${by}: ${reason}`;

/** An interruption comes first: what is approved must not start beside something that nobody understands. */
const awaitsApproval = (state: MachineState): boolean =>
  state.status !== 'needs_attention' &&
  (awaitsPlanApproval(state) || state.steps.some((step) => step.status === 'awaiting_approval'));

/** Ends at once when nothing runs; otherwise the worker stops what runs first. */
function endFromOutside(state: MachineState, ending: Ending, now: Date): Decision {
  return still(settleEnding({ ...state, ending }, now).state);
}

/** Too late is no approval: it is then rejected. */
function approve(state: MachineState, by: MachineState['approvedBy'], now: Date): MachineState {
  if (!awaitsApproval(state) || state.ending !== null) return state;
  if (state.approvalExpiresAt === null || now >= state.approvalExpiresAt) return advance(state, now).state;
  const approved = { ...state, approvedBy: by, approvalExpiresAt: null, reason: null };
  if (awaitsPlanApproval(state)) return { ...approved, status: 'queued' };
  const steps = state.steps.map((step) =>
    step.status === 'awaiting_approval' ? { ...step, status: 'pending' as const, approvedBy: by } : step,
  );
  return { ...approved, steps, status: baseStatus(state) };
}

function resume(
  state: MachineState,
  decision: 'retry' | 'skip' | 'abort',
  by: string,
  now: Date,
): MachineState {
  if (state.status !== 'needs_attention') return state;
  if (decision === 'abort') return finish(state, 'cancelled', `Aborted by ${by} after an interruption.`, now);
  const steps = state.steps.map((step) => {
    if (step.status !== 'interrupted') return step;
    if (decision === 'skip')
      return { ...step, status: 'skipped' as const, reason: `${by} decided to go on without it.` };
    return { ...step, status: 'pending' as const, notBefore: null, reason: `${by} decided to run it again.` };
  });
  return { ...state, steps, status: baseStatus(state), reason: null };
}

function fromWorker(state: MachineState, event: WorkerEvent, now: Date): Decision {
  switch (event.type) {
    case 'claimed':
      return advance(interruptInFlight(state, 'its worker died or was stopped', now), now);
    case 'tick':
      return advance(state, now);
    case 'admitted':
      if (state.status !== 'queued') return still(state);
      return advance({ ...state, status: 'running', reason: null, startedAt: now }, now);
    case 'blocked':
      return still(state.status === 'queued' ? { ...state, reason: event.reason } : state);
    case 'refused':
      return still(state.status === 'queued' ? finish(state, 'rejected', event.reason, now) : state);
    case 'step_prepared':
      return prepared(state, event.index, event.prepared, now);
    case 'step_finished':
      return finished(state, event, now);
    case 'alert_checked':
      return alertChecked(state, event.alert, now);
    case 'handed_back':
      return still(handBack(state, now));
  }
}

function prepared(state: MachineState, index: number, result: Prepared, now: Date): Decision {
  const step = state.steps[index];
  const mayStart = advance(state, now).effects.some(
    (effect) => effect.type === 'prepare' && effect.index === index,
  );
  if (step === undefined || !mayStart) return still(state);
  switch (result.do) {
    case 'run': {
      const started = withStep(state, index, {
        status: 'running',
        attempt: step.attempt + 1,
        command: result.command,
        reason: null,
        notBefore: null,
        exitCode: null,
        result: null,
        startedAt: now,
        finishedAt: null,
      });
      const { state: next, effects } = advance(started, now);
      return { state: next, effects: [{ type: 'run', index }, ...effects] };
    }
    case 'skip':
      return advance(
        withStep(state, index, { status: 'skipped', reason: result.reason, finishedAt: now }),
        now,
      );
    case 'fail':
      return advance(failStep(state, step, 'failed', result.reason, now), now);
    case 'refuse': {
      const refused = withStep(state, index, { status: 'cancelled', reason: result.reason, finishedAt: now });
      return settleEnding({ ...refused, ending: { status: 'rejected', reason: result.reason } }, now);
    }
  }
}

function finished(
  state: MachineState,
  event: Extract<WorkerEvent, { type: 'step_finished' }>,
  now: Date,
): Decision {
  const step = state.steps[event.index];
  if (step === undefined || !isInFlight(step) || step.attempt !== event.attempt) return still(state);
  const recorded = recordOutcome(state, step, event.outcome, now);
  if (event.draining === true && recorded.ending === null) return still(askForAttention(recorded));
  return advance(recorded, now);
}

function alertChecked(state: MachineState, alert: 'resolved' | 'firing' | 'gone', now: Date): Decision {
  const step = alertWait(state);
  if (step === undefined || state.ending !== null) return still(state);
  if (alert === 'resolved') {
    return advance(withStep(state, step.index, { status: 'succeeded', finishedAt: now }), now);
  }
  if (alert === 'firing' && now < alertDeadline(state, step)) return still({ ...state });
  const reason = alert === 'gone' ? 'The alert was deleted.' : 'The alert did not resolve in time.';
  const failed = failStep(state, step, 'failed', reason, now);
  const lanes = [...new Set(failed.steps.filter((other) => other.lane >= 0).map((other) => other.lane))];
  return rollBack(failed, lanes, now);
}

/** The worker stops and cannot wait for what runs. */
function handBack(state: MachineState, now: Date): MachineState {
  const interrupted = interruptInFlight(state, 'the engine was stopped', now);
  if (interrupted.ending !== null) return settleEnding(interrupted, now).state;
  return askForAttention(interrupted);
}
