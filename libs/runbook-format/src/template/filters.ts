import type { JsonValue } from '../model/runbook.js';
import { parseDuration } from '../rules/duration.js';
import { hostOf } from '../rules/host.js';
import { didYouMean } from '../rules/suggest.js';
import { TemplateError } from './error.js';

type Apply = (input: JsonValue, args: JsonValue[], fail: (why: string) => never) => JsonValue;

function text(value: JsonValue, fail: (why: string) => never): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail('needs a text');
}

const onText =
  (change: (value: string) => JsonValue): Apply =>
  (input, _args, fail) =>
    change(text(input, fail));

function item(input: JsonValue, index: number, fail: (why: string) => never): JsonValue {
  if (!Array.isArray(input)) return fail('needs a list, such as "split" makes');
  return input.at(index) ?? fail('met an empty list');
}

const FILTERS = new Map<string, { arity: number; apply: Apply }>([
  ['lower', { arity: 0, apply: onText((value) => value.toLowerCase()) }],
  ['upper', { arity: 0, apply: onText((value) => value.toUpperCase()) }],
  ['trim', { arity: 0, apply: onText((value) => value.trim()) }],
  ['host', { arity: 0, apply: onText(hostOf) }],
  ['json', { arity: 0, apply: (input) => JSON.stringify(input) }],
  ['first', { arity: 0, apply: (input, _args, fail) => item(input, 0, fail) }],
  ['last', { arity: 0, apply: (input, _args, fail) => item(input, -1, fail) }],
  ['split', { arity: 1, apply: (input, [by = ''], fail) => text(input, fail).split(text(by, fail)) }],
  [
    'replace',
    {
      arity: 2,
      apply: (input, [from = '', to = ''], fail) =>
        text(input, fail).replaceAll(text(from, fail), () => text(to, fail)),
    },
  ],
  [
    'seconds',
    {
      arity: 0,
      apply: (input, _args, fail) => {
        const ms = parseDuration(text(input, fail));
        return ms === null ? fail('needs a duration such as 30s') : ms / 1000;
      },
    },
  ],
]);

export const FILTER_NAMES = ['default', ...FILTERS.keys()];

/** How many arguments a filter takes; undefined for an unknown filter. `default` is handled by the evaluator. */
export function filterArity(name: string): number | undefined {
  return name === 'default' ? 1 : FILTERS.get(name)?.arity;
}

export function suggestFilter(name: string): string {
  return didYouMean(name, FILTER_NAMES);
}

export function applyFilter(name: string, input: JsonValue, args: JsonValue[], offset: number): JsonValue {
  const fail = (why: string): never => {
    throw new TemplateError(`the filter "${name}" ${why}`, offset);
  };
  return FILTERS.get(name)?.apply(input, args, fail) ?? fail('is unknown');
}
