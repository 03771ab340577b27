import type { JsonValue } from '../model/runbook.js';
import type { TemplateScope } from '../model/scope.js';
import { formatPath, type Comparison, type Expression, type Value } from './ast.js';
import { TemplateError } from './error.js';
import { applyFilter } from './filters.js';

/** Own properties only: `labels.constructor` must be undefined, not a function of the language. */
function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  const own: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(value, String(key));
  return own?.value;
}

function toValue(raw: unknown): Value {
  if (raw === null || raw === undefined) return undefined;
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
  if (Array.isArray(raw)) return raw.map((entry) => toValue(entry) ?? null);
  if (typeof raw === 'object') {
    return Object.fromEntries(Object.entries(raw).map(([key, entry]) => [key, toValue(entry) ?? null]));
  }
  return undefined;
}

export function lookup(path: (string | number)[], scope: TemplateScope): Value {
  let current: unknown = scope;
  for (const part of path) current = member(current, part);
  return toValue(current);
}

/** The value of an expression; undefined names are an error unless `default` catches them. @throws TemplateError */
export function evaluate(expression: Expression, scope: TemplateScope): JsonValue {
  const value = evaluateMaybe(expression, scope);
  if (value !== undefined) return value;
  throw new TemplateError(undefinedMessage(expression), expression.offset);
}

function undefinedMessage(expression: Expression): string {
  let node = expression;
  while (node.type === 'filter') node = node.input;
  const name = node.type === 'path' ? formatPath(node.path) : 'this';
  return `${name} has no value here; if that is to be expected, add: | default: "…"`;
}

function evaluateMaybe(expression: Expression, scope: TemplateScope): Value {
  switch (expression.type) {
    case 'literal':
      return expression.value;
    case 'path':
      return lookup(expression.path, scope);
    case 'filter':
      return evaluateFilter(expression, scope);
    case 'compare':
      return compare(
        expression.op,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        expression.offset,
      );
    case 'not':
      return !truth(expression.operand, scope);
    case 'logic': {
      const left = truth(expression.left, scope);
      return left === (expression.op === 'or') ? left : truth(expression.right, scope);
    }
  }
}

function evaluateFilter(filter: Extract<Expression, { type: 'filter' }>, scope: TemplateScope): Value {
  if (filter.name === 'default') {
    const input = evaluateMaybe(filter.input, scope);
    const [fallback] = filter.args;
    return input ?? (fallback ? evaluate(fallback, scope) : undefined);
  }
  // A missing name flows through the other filters, so that `x | trim | default: "y"` reads as written.
  const input = evaluateMaybe(filter.input, scope);
  if (input === undefined) return undefined;
  return applyFilter(
    filter.name,
    input,
    filter.args.map((arg) => evaluate(arg, scope)),
    filter.offset,
  );
}

/** A condition's operand: it must be a boolean, since what counts as true otherwise is anybody's guess. */
export function truth(expression: Expression, scope: TemplateScope): boolean {
  const value = evaluate(expression, scope);
  if (typeof value === 'boolean') return value;
  throw new TemplateError('this is not true or false; compare it with something', expression.offset);
}

const NUMERIC = /^-?(?:[0-9]+)(?:\.[0-9]+)?$/;

function numberOf(value: JsonValue): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMERIC.test(value.trim()) ? Number(value) : null;
}

/** Numbers compare as numbers when one side is a number and the other reads as one; otherwise like with like. */
function compare(op: Comparison, left: JsonValue, right: JsonValue, offset: number): boolean {
  const numeric = typeof left === 'number' || typeof right === 'number';
  const a = numeric ? numberOf(left) : left;
  const b = numeric ? numberOf(right) : right;
  if (op === '==' || op === '!=')
    return (op === '==') === (a === null || b === null ? left === right : equal(a, b));
  if (typeof a === 'number' && typeof b === 'number') return ordered(op, a - b);
  if (typeof a === 'string' && typeof b === 'string') return ordered(op, a < b ? -1 : Number(a > b));
  throw new TemplateError(`"${op}" compares two numbers or two texts`, offset);
}

function ordered(op: Comparison, difference: number): boolean {
  if (op === '<') return difference < 0;
  if (op === '<=') return difference <= 0;
  return op === '>' ? difference > 0 : difference >= 0;
}

function equal(left: JsonValue, right: JsonValue): boolean {
  // A label can only say "true" as text.
  if (typeof left === 'boolean' && typeof right === 'string') return String(left) === right;
  if (typeof right === 'boolean' && typeof left === 'string') return String(right) === left;
  return JSON.stringify(left) === JSON.stringify(right);
}
