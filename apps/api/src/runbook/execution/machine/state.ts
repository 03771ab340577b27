import type { ExecutionStatus, StepPhase, StepStatus } from '@aiops/contracts';

/** Who did something, as it is stored. */
export interface ActorRef {
  kind: 'user' | 'api_key' | 'rule' | 'system';
  id: string | null;
  name: string;
}

/** What the machine must know of a step's definition; copied from the runbook, so that no edit reaches a run. */
export interface StepPolicy {
  onFailure: 'stop' | 'continue' | 'rollback';
  /** Tries in all, the first included. */
  attempts: number;
  delayMs: number;
  backoff: 'fixed' | 'exponential';
  /** May be run again after an interruption without asking. */
  idempotent: boolean;
  /** Only for `alert_resolved`: how long the alert may take, from the start of the verification. */
  withinMs: number | null;
}

/** What a step left for later steps, secrets masked. */
export interface StepResult {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  /** HTTP status of an http step. */
  status: number | null;
}

export type StepKind = 'command' | 'http' | 'alert_resolved';

export interface ExecutionStep {
  /** Position over all phases and targets of the execution, from 0. */
  index: number;
  phase: StepPhase;
  /** Position in its section of the runbook, from 0. */
  position: number;
  kind: StepKind;
  name: string;
  /** Which target's sequence it belongs to; -1 for the wait for the alert, which belongs to none. */
  lane: number;
  targetId: string | null;
  targetName: string | null;
  policy: StepPolicy;
  approvalRequired: boolean;
  approvedBy: ActorRef | null;
  status: StepStatus;
  /** How often it was started. */
  attempt: number;
  /** How many of its starts ended with nobody knowing how. */
  interruptions: number;
  /** Not to be started (again) before this time. */
  notBefore: Date | null;
  exitCode: number | null;
  /** As it ran or will run, secrets as `***`. */
  command: string | null;
  reason: string | null;
  result: StepResult | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** What somebody decided about an execution while it waited or ran. Stored as it is. */
export interface Intervention {
  /** RFC 3339. */
  at: string;
  kind: 'approved' | 'rejected' | 'cancelled' | 'retried' | 'skipped' | 'aborted';
  by: ActorRef;
  note: string | null;
  /** The steps it was about; none when it was about all of it. */
  stepIndexes: number[];
}

/** An end that was decided from outside and waits for the steps that still run. */
export interface Ending {
  status: 'cancelled' | 'rejected';
  reason: string;
}

/** Why the forward way failed; kept while the rollback runs. */
export interface Verdict {
  status: 'failed' | 'timed_out';
  reason: string;
}

/** All that `decide` looks at and may change. */
export interface MachineState {
  status: ExecutionStatus;
  stage: StepPhase;
  reason: string | null;
  steps: ExecutionStep[];
  strategy: { batch: number; maxFailures: number };
  approvalExpiresMs: number;
  approvalExpiresAt: Date | null;
  approvedBy: ActorRef | null;
  /** In order. */
  interventions: Intervention[];
  ending: Ending | null;
  verdict: Verdict | null;
  /** Targets whose rollback is to run. */
  rollbackLanes: number[];
  verifyStartedAt: Date | null;
  /** When a worker must look at it next; null while it rests. A time that has passed means "now". */
  wakeAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}
