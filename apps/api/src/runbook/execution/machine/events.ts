import type { ActorRef, MachineState, StepResult } from './state.js';

/** How one start of a step ended. */
export type StepOutcome =
  | { kind: 'succeeded'; exitCode: number | null; result: StepResult | null }
  | { kind: 'failed'; reason: string; exitCode: number | null; result: StepResult | null }
  /** `mayStillRun`: it was told to stop, and nobody knows whether it did. */
  | { kind: 'timed_out'; reason: string; mayStillRun?: boolean }
  /** Stopped by us, on request. */
  | { kind: 'cancelled'; mayStillRun?: boolean }
  /** It was under way and nobody knows how it ended. */
  | { kind: 'unknown'; reason: string };

/** What became of a step that was to start: what `run` carries is stored before it runs. */
export type Prepared =
  | { do: 'run'; command: string }
  | { do: 'skip'; reason: string }
  /** It cannot be run, e.g. a name in its command has no value. */
  | { do: 'fail'; reason: string }
  /** It would not be what was approved: the whole execution stops. */
  | { do: 'refuse'; reason: string };

/** From people and other modules; may come at any time. */
export type OutsideEvent =
  | { type: 'approved'; by: ActorRef; note?: string }
  /** `note` is what the person wrote, `reason` the sentence that it becomes. */
  | { type: 'rejected'; by: ActorRef; reason: string; note?: string }
  | { type: 'cancel_requested'; by: ActorRef; reason: string | null }
  | { type: 'resumed'; decision: 'retry' | 'skip' | 'abort'; by: ActorRef; note?: string }
  | { type: 'alert_changed' };

/** From the worker that holds the lease, and from nobody else. */
export type WorkerEvent =
  | { type: 'claimed' }
  | { type: 'tick' }
  | { type: 'admitted' }
  | { type: 'blocked'; reason: string; until: Date }
  | { type: 'refused'; reason: string }
  | { type: 'step_prepared'; index: number; prepared: Prepared }
  /** `draining`: record it and start nothing more, the worker is about to stop. */
  | { type: 'step_finished'; index: number; attempt: number; outcome: StepOutcome; draining?: boolean }
  | { type: 'alert_checked'; alert: 'resolved' | 'firing' | 'gone' }
  | { type: 'handed_back' };

export type MachineEvent = OutsideEvent | WorkerEvent;

/**
 * What the worker is to do. All but `run` say what is due in this state, so they may be given again; `run` is given
 * exactly once, together with the stored intent.
 */
export type Effect =
  | { type: 'admit' }
  | { type: 'prepare'; index: number }
  | { type: 'run'; index: number }
  | { type: 'abort'; index: number }
  | { type: 'check_alert' };

export interface Decision {
  state: MachineState;
  effects: Effect[];
}
