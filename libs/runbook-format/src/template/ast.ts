import type { JsonValue } from '../model/runbook.js';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { type: 'literal'; value: string | number | boolean | null; offset: number }
  | { type: 'path'; path: (string | number)[]; offset: number }
  | { type: 'filter'; input: Expression; name: string; args: Expression[]; offset: number }
  | { type: 'compare'; op: Comparison; left: Expression; right: Expression; offset: number }
  | { type: 'logic'; op: 'and' | 'or'; left: Expression; right: Expression; offset: number }
  | { type: 'not'; operand: Expression; offset: number };

/** `undefined` stands for a name that has no value. */
export type Value = JsonValue | undefined;

/** A path as a person writes it: `labels["a.b"]`, `steps.pid.json.items[0]`. */
export function formatPath(path: (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return index === 0 ? part : `.${part}`;
      return `[${JSON.stringify(part)}]`;
    })
    .join('');
}

/** Calls `visit` for the expression and everything in it. */
export function walk(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  switch (expression.type) {
    case 'filter':
      walk(expression.input, visit);
      for (const arg of expression.args) walk(arg, visit);
      return;
    case 'compare':
    case 'logic':
      walk(expression.left, visit);
      walk(expression.right, visit);
      return;
    case 'not':
      walk(expression.operand, visit);
      return;
    default:
  }
}
