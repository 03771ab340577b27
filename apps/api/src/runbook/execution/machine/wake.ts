import type { MachineState } from './state.js';
import { alertDeadline, alertWait, inFlight } from './steps.js';
import { isFinal } from './transitions.js';

/**
 * When a worker must next look at an execution in this state: null when nothing is to be done before a person acts,
 * a time for a wait that ends by itself, `now` for everything that has work to do or may have lost its worker.
 */
export function wakeAt(state: MachineState, now: Date): Date | null {
  if (isFinal(state.status) || state.status === 'needs_attention') return null;
  if (state.ending !== null || inFlight(state).length > 0) return now;
  if (state.status === 'queued') return now;
  const times = waits(state);
  if (times.length === 0) return now;
  return new Date(Math.min(...times.map((time) => time.getTime())));
}

function waits(state: MachineState): Date[] {
  const times: Date[] = [];
  if (state.approvalExpiresAt !== null) times.push(state.approvalExpiresAt);
  if (state.status === 'awaiting_approval') return times;
  const wait = alertWait(state);
  if (wait !== undefined) times.push(alertDeadline(state, wait));
  for (const step of state.steps) {
    if (step.phase === state.stage && step.status === 'pending' && step.notBefore !== null)
      times.push(step.notBefore);
  }
  return times;
}
