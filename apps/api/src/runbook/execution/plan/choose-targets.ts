import { matchTargets, type Runbook } from '@aiops/runbook-format';
import type { PlanTarget } from './plan.types.js';

export const MAX_TARGETS = 500;

export type ChosenTargets = { targets: PlanTarget[]; problem: null } | { targets: null; problem: string };

interface Choice {
  runbook: Runbook;
  all: PlanTarget[];
  /** Targets that a person named; they must be among those that the runbook is for. */
  targetIds: string[] | undefined;
  alertLabels: Record<string, string>;
}

const problem = (text: string): ChosenTargets => ({ targets: null, problem: text });

/** The targets of an execution, or why there are none to run on. */
export function chooseTargets(choice: Choice): ChosenTargets {
  const meant = meantByRunbook(choice);
  const chosen =
    choice.targetIds === undefined || choice.targetIds.length === 0 ? meant : named(choice, meant);
  if (chosen.targets === null) return chosen;
  if (chosen.targets.length > MAX_TARGETS) {
    return problem(`It would run on ${chosen.targets.length} targets; the most at once is ${MAX_TARGETS}.`);
  }
  return unfit(choice.runbook, chosen.targets) ?? chosen;
}

function meantByRunbook({ runbook, all, alertLabels }: Choice): ChosenTargets {
  const selector = runbook.targets;
  if (selector === null) {
    if (!needsTarget(runbook)) return { targets: [], problem: null };
    return problem('The runbook does not say where it runs: name the targets.');
  }
  const targets = matchTargets(selector, all, alertLabels);
  switch (selector.by) {
    case 'names': {
      const missing = selector.names.filter((name) => !targets.some((target) => target.name === name));
      return missing.length > 0
        ? problem(`There is no target called ${missing.join(', ')}.`)
        : { targets, problem: null };
    }
    case 'labels':
      return targets.length > 0
        ? { targets, problem: null }
        : problem(`No target has the labels ${pairs(selector.labels)}.`);
    case 'from_label': {
      if (targets.length > 0) return { targets, problem: null };
      const value = alertLabels[selector.label];
      return value === undefined
        ? problem(
            `The target is named by the alert's label "${selector.label}", and there is none: name the target.`,
          )
        : problem(
            `No target is called ${value} or has it as its host (from the alert's label "${selector.label}").`,
          );
    }
  }
}

const pairs = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** Targets that a person named, in that order. A runbook that says where it runs does not run elsewhere. */
function named({ runbook, all, targetIds = [] }: Choice, meant: ChosenTargets): ChosenTargets {
  const targets: PlanTarget[] = [];
  for (const id of new Set(targetIds)) {
    const target = all.find((each) => each.id === id);
    if (target === undefined) return problem(`There is no target with the id ${id}.`);
    targets.push(target);
  }
  const free = runbook.targets === null || (runbook.targets.by === 'from_label' && meant.targets === null);
  const allowed = meant.targets ?? [];
  const stray = free ? undefined : targets.find((target) => !allowed.some((each) => each.id === target.id));
  if (stray === undefined) return { targets, problem: null };
  const names = allowed.map((target) => target.name).join(', ');
  return problem(
    `${stray.name} is not among the targets of this runbook${names === '' ? '' : ` (${names})`}.`,
  );
}

const needsTarget = (runbook: Runbook): boolean =>
  [...runbook.steps, ...runbook.rollback, ...runbook.verify.steps].some((step) => step.kind === 'command');

function unfit(runbook: Runbook, targets: PlanTarget[]): ChosenTargets | null {
  if (!needsTarget(runbook)) return null;
  if (targets.length === 0) return problem('The runbook has commands to run and no target to run them on.');
  const other = targets.find((target) => target.kind !== 'ssh');
  return other === undefined
    ? null
    : problem(`${other.name} is a target of the kind ${other.kind}: commands need SSH.`);
}
