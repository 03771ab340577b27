import type { RenderOptions } from '../model/api.js';
import type { JsonValue } from '../model/runbook.js';
import type { TemplateScope } from '../model/scope.js';
import { evaluate } from './evaluate.js';
import { TemplateError } from './error.js';
import { referenceName, referencesOf, type Hole } from './template.js';

/** What a hole becomes: a value, or a placeholder that a plan shows in its stead. */
export type Resolved =
  | { type: 'value'; value: JsonValue; secret: boolean }
  | { type: 'placeholder'; text: string; unknown: string[]; secret: boolean };

/**
 * The value of a hole. In a plan, secrets are never looked at, and results of steps that have not run are unknown:
 * such a hole is a placeholder as a whole, whatever its filters, because a filter of an unknown value is unknown too.
 */
export function resolveHole(hole: Hole, scope: TemplateScope, options: RenderOptions): Resolved {
  const references = referencesOf(hole.expression);
  const secret = references.some((ref) => ref.path[0] === 'secrets');
  if (options.plan) {
    const unknown = references.filter((ref) => isUnknownStep(ref.path, scope)).map(referenceName);
    if (secret || unknown.length > 0)
      return { type: 'placeholder', text: `‹${hole.source}›`, unknown, secret };
  }
  return { type: 'value', value: evaluate(hole.expression, scope), secret };
}

/** True for `steps.x…` while the step that registers x has not run. */
export function isUnknownStep(path: (string | number)[], scope: TemplateScope): boolean {
  return path[0] === 'steps' && !Object.hasOwn(scope.steps ?? {}, String(path[1] ?? ''));
}

/** The text a value stands for; lists and objects have none. @throws TemplateError */
export function valueText(value: JsonValue, hole: Hole): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) throw new TemplateError('this is null; add: | default: "…"', hole.offset);
  const kind = Array.isArray(value) ? 'a list' : 'an object';
  throw new TemplateError(`this is ${kind}; pick a part of it, or add: | json`, hole.offset);
}
