import type { Shell, StepPhase, TargetKind } from '@aiops/contracts';
import type { ParameterValue } from '@aiops/runbook-format';

/** A target as it was approved; a run refuses one that has changed since. */
export interface PlanTarget {
  id: string;
  name: string;
  kind: TargetKind;
  host: string;
  port: number;
  username: string | null;
  shell: Shell;
  labels: Record<string, string>;
}

export interface PlanStep {
  /** Index of the step in the execution. */
  index: number;
  phase: StepPhase;
  name: string;
  target: string | null;
  /** As it will run: secrets and values not known yet are marked `‹name›`. */
  command: string;
  /** Condition that is decided only in the run; null when it runs in any case. */
  when: string | null;
  approvalRequired: boolean;
  /** Names of values that the run will bring, e.g. `steps.pid.stdout`. */
  unknown: string[];
}

/** What will run, in full. The hash covers all of it but the labels of the targets. */
export interface Plan {
  hash: string;
  runbookVersionId: string;
  targets: PlanTarget[];
  parameters: Record<string, ParameterValue>;
  steps: PlanStep[];
}
