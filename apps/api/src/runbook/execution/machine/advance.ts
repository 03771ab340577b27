import type { Decision, Effect } from './events.js';
import { finish } from './finish.js';
import { activeLanes, lanesOf, type Lane } from './lanes.js';
import type { ExecutionStep, MachineState } from './state.js';
import { alertWait, inFlight, withStep } from './steps.js';
import { isFinal } from './transitions.js';

const none = (state: MachineState): Decision => ({ state, effects: [] });
export const baseStatus = (state: MachineState): 'running' | 'verifying' =>
  state.stage === 'verify' ? 'verifying' : 'running';

/** Whether the plan as a whole waits for a person, before anything has run. */
export const awaitsPlanApproval = (state: MachineState): boolean =>
  state.status === 'awaiting_approval' && state.startedAt === null;

/** What is due in this state; for the holder of the lease alone. */
export function advance(state: MachineState, now: Date): Decision {
  if (isFinal(state.status) || state.status === 'needs_attention') return none(state);
  if (state.ending !== null) return settleEnding(state, now);
  if (approvalExpired(state, now)) return expireApproval(state, now);
  if (awaitsPlanApproval(state)) return none(state);
  if (state.status === 'queued') return { state, effects: [{ type: 'admit' }] };
  if (state.steps.some((step) => step.status === 'interrupted')) return none(askForAttention(state));
  return advanceStage(state, now);
}

/** An end was decided: steps under way are stopped when it is a cancel and let end when it is a refusal. */
export function settleEnding(state: MachineState, now: Date): Decision {
  const { ending } = state;
  if (ending === null) return none(state);
  const running = inFlight(state);
  if (running.length === 0) return none(finish(state, ending.status, ending.reason, now));
  const effects: Effect[] =
    ending.status === 'cancelled' ? running.map((step) => ({ type: 'abort', index: step.index })) : [];
  return { state, effects };
}

function approvalExpired(state: MachineState, now: Date): boolean {
  const waits = awaitsPlanApproval(state) || state.steps.some((step) => step.status === 'awaiting_approval');
  return waits && (state.approvalExpiresAt === null || now >= state.approvalExpiresAt);
}

/** Silence is never consent. */
function expireApproval(state: MachineState, now: Date): Decision {
  const reason = awaitsPlanApproval(state)
    ? 'Nobody approved it in time: nothing was run.'
    : 'Nobody approved the waiting step in time: it was not run.';
  return settleEnding({ ...state, ending: { status: 'rejected', reason } }, now);
}

/** A person must decide, as soon as nothing runs any more. */
export function askForAttention(state: MachineState): MachineState {
  const interrupted = state.steps.find((step) => step.status === 'interrupted');
  if (interrupted === undefined || inFlight(state).length > 0) return state;
  const where = interrupted.targetName === null ? '' : ` on ${interrupted.targetName}`;
  return {
    ...state,
    status: 'needs_attention',
    reason: `Step "${interrupted.name}"${where} was interrupted and is not idempotent. Look at the target, then retry, skip or abort.`,
  };
}

function advanceStage(state: MachineState, now: Date): Decision {
  const active = activeLanes(state);
  if (active.length === 0) return endStage(state, now);
  let current = state;
  const effects: Effect[] = [];
  for (const lane of active) {
    const step = lane.current;
    if (step?.status !== 'pending') continue;
    if (step.approvalRequired && step.approvedBy === null) current = askForApproval(current, step, now);
    else if (step.notBefore === null || step.notBefore <= now)
      effects.push({ type: 'prepare', index: step.index });
  }
  return { state: withStatus(current, statusOfStage(current, active, effects)), effects };
}

/** The same object when nothing changes, so that nothing is stored. */
function withStatus(state: MachineState, change: Pick<MachineState, 'status' | 'reason'>): MachineState {
  return state.status === change.status && state.reason === change.reason ? state : { ...state, ...change };
}

function askForApproval(state: MachineState, step: ExecutionStep, now: Date): MachineState {
  const expires = new Date(now.getTime() + state.approvalExpiresMs);
  return { ...withStep(state, step.index, { status: 'awaiting_approval' }), approvalExpiresAt: expires };
}

/** The execution waits for approval only once nothing else can go on. */
function statusOfStage(
  state: MachineState,
  active: Lane[],
  effects: Effect[],
): Pick<MachineState, 'status' | 'reason'> {
  const waiting = state.steps.find((step) => step.status === 'awaiting_approval');
  const retries = active.some(({ current }) => current?.status === 'pending' && current.notBefore !== null);
  const goesOn = effects.length > 0 || inFlight(state).length > 0 || retries;
  if (waiting === undefined || goesOn) return { status: baseStatus(state), reason: null };
  return { status: 'awaiting_approval', reason: `Step "${waiting.name}" waits for approval.` };
}

function endStage(state: MachineState, now: Date): Decision {
  const failed = lanesOf(state).filter((lane) => lane.failed !== undefined);
  switch (state.stage) {
    case 'steps': {
      if (failed.length === 0) return enterVerification(state, now);
      const lanes = failed
        .filter((lane) => lane.failed?.policy.onFailure === 'rollback')
        .map((lane) => lane.lane);
      return rollBack(state, lanes, now);
    }
    case 'verify':
      return failed.length > 0
        ? rollBack(
            state,
            failed.map((lane) => lane.lane),
            now,
          )
        : awaitAlert(state, now);
    case 'rollback':
      return none(endRollback(state, failed[0]?.failed, now));
  }
}

function enterVerification(state: MachineState, now: Date): Decision {
  if (!state.steps.some((step) => step.phase === 'verify' && step.status === 'pending')) {
    return none(finish(state, 'succeeded', 'All steps succeeded. The runbook had nothing to verify.', now));
  }
  return advanceStage(
    { ...state, stage: 'verify', status: 'verifying', reason: null, verifyStartedAt: now },
    now,
  );
}

function awaitAlert(state: MachineState, now: Date): Decision {
  const pending = state.steps.find((step) => step.kind === 'alert_resolved' && step.status === 'pending');
  if (pending !== undefined) {
    const started = withStep(state, pending.index, { status: 'running', attempt: 1, startedAt: now });
    const waiting = { ...started, status: 'verifying' as const, reason: 'Waits for the alert to resolve.' };
    return { state: waiting, effects: [{ type: 'check_alert' }] };
  }
  if (alertWait(state) !== undefined) return { state, effects: [{ type: 'check_alert' }] };
  return none(finish(state, 'succeeded', 'All steps succeeded and the verification held.', now));
}

/** Undoes what was done on these targets, where the runbook knows how; then the execution has failed. */
export function rollBack(state: MachineState, lanes: number[], now: Date): Decision {
  const verdict = state.verdict ?? { status: 'failed' as const, reason: 'It failed.' };
  const hasSteps = state.steps.some(
    (step) => step.phase === 'rollback' && step.status === 'pending' && lanes.includes(step.lane),
  );
  if (!hasSteps) return none(finish({ ...state, verdict }, verdict.status, verdict.reason, now));
  const entered = {
    ...state,
    verdict,
    stage: 'rollback' as const,
    status: 'running' as const,
    rollbackLanes: lanes,
  };
  return advanceStage(entered, now);
}

function endRollback(state: MachineState, failed: ExecutionStep | undefined, now: Date): MachineState {
  const why = state.verdict?.reason ?? '';
  if (failed === undefined) return finish(state, 'rolled_back', `${why} It was rolled back.`, now);
  return finish(
    state,
    'failed',
    `${why} The rollback failed too, at "${failed.name}": ${failed.reason ?? ''}`,
    now,
  );
}
