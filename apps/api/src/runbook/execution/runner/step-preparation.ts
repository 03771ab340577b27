import { Injectable } from '@nestjs/common';
import {
  evaluateCondition,
  TemplateError,
  type Runbook,
  type Step,
  type TemplateScope,
} from '@aiops/runbook-format';
import { TargetReader, type Target } from '../../../executor/index.js';
import { messageOf, UserError } from '../../../platform/index.js';
import type { Execution } from '../execution.types.js';
import type { Prepared } from '../machine/events.js';
import type { ExecutionStep } from '../machine/state.js';
import { maskSecrets } from '../output/secret-masker.js';
import { canonicalJson } from '../plan/plan-hash.js';
import { targetIdentity, toPlanTarget } from '../plan/plan-target.js';
import type { PlanTarget } from '../plan/plan.types.js';
import { registeredResults, templateScope } from '../plan/scope.js';
import { renderStep, type StepAction } from '../plan/step-text.js';

/** A step that may start: what `decide` is told, and what the worker alone knows, secrets in it. */
export interface Preparation {
  prepared: Prepared;
  run: { action: StepAction; target: Target | null } | null;
}

const without = (prepared: Prepared): Preparation => ({ prepared, run: null });

/**
 * Makes a step ready: checks that it would still run what the plan says, decides its condition, and binds what only
 * the run knows. What differs from the plan in any way is refused.
 */
@Injectable()
export class StepPreparation {
  constructor(private readonly targets: TargetReader) {}

  async prepare(
    execution: Execution,
    step: ExecutionStep,
    runbook: Runbook,
    secretsOf: () => Promise<Record<string, string>>,
  ): Promise<Preparation> {
    const definition = definitionOf(runbook, step);
    if (definition === undefined) return without({ do: 'refuse', reason: 'The plan has no such step.' });
    try {
      const target = await this.presentTarget(step);
      const changed = whatChanged(execution, step, definition, target);
      if (changed !== null) return without({ do: 'refuse', reason: changed });
      const secrets = await secretsOf();
      return bind(definition, target, runScope(execution, step, runbook, target, secrets), secrets);
    } catch (error) {
      if (error instanceof TemplateError) return without({ do: 'fail', reason: error.message });
      if (error instanceof UserError) return without({ do: 'fail', reason: messageOf(error) });
      throw error;
    }
  }

  private async presentTarget(step: ExecutionStep): Promise<Target | null> {
    if (step.targetId === null) return null;
    const [target] = await this.targets.findMany([step.targetId]);
    return target ?? null;
  }
}

export function definitionOf(runbook: Runbook, step: ExecutionStep): Step | undefined {
  const section = step.phase === 'verify' ? runbook.verify.steps : runbook[step.phase];
  return section[step.position];
}

const identity = (target: PlanTarget | null): string =>
  canonicalJson(target === null ? null : targetIdentity(target));

/** Why this step is not what was planned any more, or null. */
function whatChanged(
  execution: Execution,
  step: ExecutionStep,
  definition: Step,
  target: Target | null,
): string | null {
  const planned = execution.plan.steps.find((entry) => entry.index === step.index);
  if (planned === undefined) return `Step "${step.name}" is not in the plan.`;
  const plannedTarget = execution.plan.targets.find((each) => each.id === step.targetId) ?? null;
  const present = target === null ? null : toPlanTarget(target);
  if (identity(present) !== identity(plannedTarget)) {
    return `The target ${step.targetName ?? ''} was changed or removed after the plan was made.`;
  }
  const scope = templateScope({ ...execution, executionId: execution.id }, present);
  const { shown } = renderStep(definition, present, scope, { plan: true });
  return shown === planned.command
    ? null
    : `Step "${step.name}" would now run something else than its plan says.`;
}

function runScope(
  execution: Execution,
  step: ExecutionStep,
  runbook: Runbook,
  target: Target | null,
  secrets: Record<string, string>,
): TemplateScope {
  const steps = registeredResults(
    execution.steps,
    step.lane,
    (each) => definitionOf(runbook, each)?.register ?? null,
  );
  const planTarget = target === null ? null : toPlanTarget(target);
  return templateScope({ ...execution, executionId: execution.id }, planTarget, { steps, secrets });
}

function bind(
  definition: Step,
  target: Target | null,
  scope: TemplateScope,
  secrets: Record<string, string>,
): Preparation {
  if (definition.when !== null && !evaluateCondition(definition.when, scope)) {
    return without({ do: 'skip', reason: `Its condition does not hold: ${definition.when}` });
  }
  const text = renderStep(definition, target === null ? null : toPlanTarget(target), scope);
  const command = maskSecrets(text.shown, Object.values(secrets)).replaceAll('\u0000', '');
  return { prepared: { do: 'run', command }, run: { action: text.run, target } };
}
