import type { Target } from '../../../executor/index.js';
import type { PlanTarget } from './plan.types.js';

/** What a plan fixes of a target. Its credential may be rotated without asking anew. */
export function toPlanTarget({ id, name, kind, host, port, username, shell, labels }: Target): PlanTarget {
  return { id, name, kind, host, port, username, shell, labels };
}
