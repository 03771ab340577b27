import type { Actor } from '../../platform/index.js';
import type { ActorRef, ExecutionTrigger } from './execution.types.js';

/** What is asked of `ExecutionService.request`: by a person or their key, whose role counts, or by what engineers wrote. */
export type ExecutionRequest = RequestedRun &
  ({ trigger: 'manual'; actor: Actor } | { trigger: Exclude<ExecutionTrigger, 'manual'>; actor: ActorRef });

interface RequestedRun {
  runbookId: string;
  /** The alert that is to be fixed; its labels fill parameters and choose targets. */
  alertId?: string | null;
  /** Instead of the targets that the runbook chooses; within them when it names some. */
  targetIds?: string[];
  parameters?: Record<string, unknown>;
  /** Whether a person must approve the plan, where the runbook leaves that to whoever starts it (`by_rule`). */
  approval: 'ask' | 'none';
  /** Make the plan and run nothing. */
  dryRun?: boolean;
}

/** What an execution is planned from. */
export interface PlanRequest extends Omit<RequestedRun, 'approval'> {
  trigger: ExecutionTrigger;
  actor: ActorRef;
  /** `always`: whatever the runbook says. */
  approval: RequestedRun['approval'] | 'always';
}

/** How earlier executions for some alerts ended. */
export interface ExecutionOutcome {
  executionId: string;
  runbookId: string;
  runbookName: string;
  status: string;
  /** From start to end; null when it never started or has not ended. */
  durationMs: number | null;
  alertId: string;
}
