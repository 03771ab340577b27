import type { MatchableTarget } from '../model/api.js';
import type { TargetSelection } from '../model/runbook.js';
import { matchGlob } from '../rules/glob.js';
import { hostOf } from '../rules/host.js';

/**
 * The targets a runbook is for, in the order given (for `names`, in the order of the names). With `from_label` the
 * alert's label names the target, by its name or its host; a port in the label is ignored, and so is the case of hosts.
 */
export function matchTargets<T extends MatchableTarget>(
  selector: TargetSelection,
  targets: T[],
  alertLabels: Record<string, string>,
): T[] {
  switch (selector.by) {
    case 'names':
      return [...new Set(selector.names)].flatMap((name) => targets.filter((target) => target.name === name));
    case 'labels':
      return targets.filter((target) =>
        Object.entries(selector.labels).every(
          ([name, pattern]) =>
            Object.hasOwn(target.labels, name) && matchGlob(pattern, target.labels[name] ?? ''),
        ),
      );
    case 'from_label': {
      const value = Object.hasOwn(alertLabels, selector.label) ? (alertLabels[selector.label] ?? '') : '';
      return value === '' ? [] : targets.filter((target) => isNamedBy(target, value));
    }
  }
}

function isNamedBy(target: MatchableTarget, value: string): boolean {
  const host = hostOf(value);
  return (
    target.name === value || target.name === host || hostOf(target.host).toLowerCase() === host.toLowerCase()
  );
}
