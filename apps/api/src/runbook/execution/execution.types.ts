import type { ParameterValue, TemplateScope } from '@aiops/runbook-format';
import type { StoredTrace } from '../../platform/index.js';
import type { ActorRef, MachineState } from './machine/state.js';
import type { Plan, PlanTarget } from './plan/plan.types.js';

export type { ActorRef, ExecutionStep, MachineState } from './machine/state.js';
export type { Plan, PlanStep, PlanTarget } from './plan/plan.types.js';

export type ExecutionTrigger = 'manual' | 'rule' | 'schedule';

/** The alert as it was when the execution was asked for: what commands see, whatever happens to the alert later. */
export type AlertSnapshot = Pick<TemplateScope, 'alert' | 'labels' | 'annotations'>;

/** What a person or a rule asked for, before anything was chosen or bound. */
export interface AskedFor {
  targetIds: string[] | null;
  parameters: Record<string, unknown>;
}

/** One run of one version of a runbook. */
export interface Execution extends MachineState {
  id: string;
  trigger: ExecutionTrigger;
  /** Only a plan was made: no step ran and none will. */
  dryRun: boolean;
  runbookId: string;
  runbookVersionId: string;
  runbookName: string;
  runbookVersion: number;
  alertId: string | null;
  targets: PlanTarget[];
  parameters: Record<string, ParameterValue>;
  alertSnapshot: AlertSnapshot;
  plan: Plan;
  requestedBy: ActorRef;
  asked: AskedFor;
  /** The place that its span was promised in the trace that asked for it. */
  trace: StoredTrace | null;
  /** Grows by one with every stored transition. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
