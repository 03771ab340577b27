import type { TemplateScope } from '../model/scope.js';
import { walk } from './ast.js';
import { truth } from './evaluate.js';
import { parseCondition } from './parser.js';
import { isUnknownStep } from './resolve.js';

/** Whether a `when` holds. @throws TemplateError when it cannot be read, a name has no value, or types do not compare */
export function evaluateCondition(expression: string, scope: TemplateScope): boolean {
  return truth(parseCondition(expression), scope);
}

/** As `evaluateCondition`, for a plan: `unknown` while it depends on a step that has not run. @throws TemplateError */
export function planCondition(expression: string, scope: TemplateScope): boolean | 'unknown' {
  const parsed = parseCondition(expression);
  let unknown = false;
  walk(parsed, (node) => {
    if (node.type === 'path' && isUnknownStep(node.path, scope)) unknown = true;
  });
  return unknown ? 'unknown' : truth(parsed, scope);
}
