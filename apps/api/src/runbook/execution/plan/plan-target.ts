import type { Target } from '../../../executor/index.js';
import type { PlanTarget } from './plan.types.js';

/** A target as plans and templates see it. Its credential may be rotated without asking anew. */
export function toPlanTarget({ id, name, kind, host, port, username, shell, labels }: Target): PlanTarget {
  return { id, name, kind, host, port, username, shell, labels };
}

/**
 * What an approval holds on to. Labels are not in it: where they matter, they show in the choice of targets and in the
 * text of the commands.
 */
export function targetIdentity({ labels: _labels, ...identity }: PlanTarget): Omit<PlanTarget, 'labels'> {
  return identity;
}
