import { planCondition, TemplateError, type Runbook, type Step } from '@aiops/runbook-format';
import type { ExecutionStep, StepPolicy } from '../machine/state.js';
import { durationText } from './duration-text.js';
import { planHash } from './plan-hash.js';
import { targetIdentity } from './plan-target.js';
import type { Plan, PlanStep, PlanTarget } from './plan.types.js';
import { templateScope, type ScopeBase } from './scope.js';
import { renderStep } from './step-text.js';

export const MAX_STEPS = 5_000;

export interface PlanInput extends ScopeBase {
  runbook: Runbook;
  runbookVersionId: string;
  targets: PlanTarget[];
  hasAlert: boolean;
}

export interface BuiltPlan {
  plan: Plan;
  steps: ExecutionStep[];
  /** Why it cannot run, one line per step; then nothing may run. */
  problems: string[];
}

/**
 * Everything that would run, rendered for each target: what is asked is what is shown. Secrets are not looked at and
 * results of steps that have not run are marked. A step whose condition can already be seen not to hold is left out.
 */
export function buildPlan(input: PlanInput): BuiltPlan {
  const builder = new PlanBuilder(input);
  const lanes = input.targets.length === 0 ? [null] : input.targets;
  const sections = [
    ['steps', input.runbook.steps],
    ['rollback', input.runbook.rollback],
    ['verify', input.runbook.verify.steps],
  ] as const;
  for (const [phase, steps] of sections) {
    lanes.forEach((target, lane) => {
      steps.forEach((step, position) => builder.add(phase, position, step, lane, target));
    });
  }
  builder.addAlertWait();
  const { steps, planned, problems } = builder;
  if (steps.length > MAX_STEPS)
    problems.push(`It would have ${steps.length} steps; the most is ${MAX_STEPS}.`);
  const { runbookVersionId, targets, parameters } = input;
  const plan = { runbookVersionId, targets, parameters, steps: planned };
  const hash = planHash({ ...plan, targets: targets.map(targetIdentity) });
  return { plan: { ...plan, hash }, steps, problems };
}

class PlanBuilder {
  readonly steps: ExecutionStep[] = [];
  readonly planned: PlanStep[] = [];
  readonly problems: string[] = [];

  constructor(private readonly input: PlanInput) {}

  add(phase: PlanStep['phase'], position: number, step: Step, lane: number, target: PlanTarget | null): void {
    const index = this.steps.length;
    const base = {
      ...notRunYet(index, phase, position, lane, target),
      kind: step.kind,
      name: step.name,
      policy: policyOf(step),
      approvalRequired: step.approvalRequired,
    };
    try {
      const scope = templateScope(this.input, target);
      const holds = step.when === null ? true : planCondition(step.when, scope);
      if (holds === false) {
        this.steps.push({
          ...base,
          status: 'skipped',
          reason: `Its condition does not hold: ${step.when ?? ''}`,
        });
        return;
      }
      const { shown, unknown } = renderStep(step, target, scope, { plan: true });
      this.steps.push({ ...base, command: shown });
      this.planned.push({
        index,
        phase,
        name: step.name,
        target: target?.name ?? null,
        command: shown,
        when: holds === 'unknown' ? step.when : null,
        approvalRequired: step.approvalRequired,
        unknown,
      });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.problems.push(
        `Step "${step.name}"${target === null ? '' : ` on ${target.name}`}: ${error.message}`,
      );
      this.steps.push(base);
    }
  }

  addAlertWait(): void {
    const withinMs = this.input.runbook.verify.alertResolvedWithinMs;
    if (withinMs === null) return;
    const index = this.steps.length;
    const name = `Alert resolves within ${durationText(withinMs)}`;
    const { length: position } = this.input.runbook.verify.steps;
    const step: ExecutionStep = {
      ...notRunYet(index, 'verify', position, -1, null),
      kind: 'alert_resolved',
      name,
      policy: { onFailure: 'stop', attempts: 1, delayMs: 0, backoff: 'fixed', idempotent: true, withinMs },
      approvalRequired: false,
      command: name,
    };
    if (!this.input.hasAlert) {
      this.steps.push({ ...step, status: 'skipped', reason: 'No alert started this execution.' });
      return;
    }
    this.steps.push(step);
    const entry = { index, phase: 'verify' as const, name, target: null, command: name, when: null };
    this.planned.push({ ...entry, approvalRequired: false, unknown: [] });
  }
}

function policyOf(step: Step): StepPolicy {
  return { onFailure: step.onFailure, ...step.retries, idempotent: step.idempotent, withinMs: null };
}

type Blank = Omit<ExecutionStep, 'kind' | 'name' | 'policy' | 'approvalRequired'>;

function notRunYet(
  index: number,
  phase: PlanStep['phase'],
  position: number,
  lane: number,
  target: PlanTarget | null,
): Blank {
  return {
    index,
    phase,
    position,
    lane,
    targetId: target?.id ?? null,
    targetName: target?.name ?? null,
    approvedBy: null,
    status: 'pending',
    attempt: 0,
    interruptions: 0,
    notBefore: null,
    exitCode: null,
    command: null,
    reason: null,
    result: null,
    startedAt: null,
    finishedAt: null,
  };
}
