import type { OutsideEvent } from './events.js';
import type { Intervention, MachineState } from './state.js';

/** With what a person (or the engine for them) stepped in has been written down, if the event had an effect. */
export function noteIntervention(
  before: MachineState,
  after: MachineState,
  event: OutsideEvent,
  now: Date,
): MachineState {
  if (after === before) return after;
  const made = interventionOf(before, after, event);
  if (made === null) return after;
  const intervention: Intervention = { at: now.toISOString(), ...made };
  return { ...after, interventions: [...before.interventions, intervention] };
}

const kinds = { retry: 'retried', skip: 'skipped', abort: 'aborted' } as const;

function interventionOf(
  before: MachineState,
  after: MachineState,
  event: OutsideEvent,
): Omit<Intervention, 'at'> | null {
  const note = 'note' in event && event.note !== undefined && event.note !== '' ? event.note : null;
  const stepsThat = (status: string): number[] =>
    before.steps.filter((step) => step.status === status).map((step) => step.index);
  switch (event.type) {
    case 'approved':
      // One that came too late ended the execution instead.
      if (after.approvedBy !== event.by) return null;
      return { kind: 'approved', by: event.by, note, stepIndexes: stepsThat('awaiting_approval') };
    case 'rejected':
      return { kind: 'rejected', by: event.by, note, stepIndexes: stepsThat('awaiting_approval') };
    case 'cancel_requested':
      return { kind: 'cancelled', by: event.by, note: event.reason, stepIndexes: [] };
    case 'resumed':
      return { kind: kinds[event.decision], by: event.by, note, stepIndexes: stepsThat('interrupted') };
    case 'alert_changed':
      return null;
  }
}
