import type { ParameterDefinition, ParameterType, ParameterValue } from '../model/runbook.js';
import { DURATION_HELP, parseDuration } from '../rules/duration.js';
import { patternProblem } from '../rules/pattern.js';
import { checkValue } from '../run/parameter-value.js';
import type { ParameterInput } from '../schema/runbook.schema.js';
import { holesOf, parseTemplate, referencesOf } from '../template/template.js';
import type { Path } from '../yaml/document.js';
import type { ParseContext } from './context.js';
import { checkReferences } from './names.js';

const RANGED: ParameterType[] = ['integer', 'number', 'duration'];

/** The definition with defaults applied, whatever is wrong with it; faults go to the context. */
export function readParameter(
  input: ParameterInput,
  damaged: boolean,
  path: Path,
  context: ParseContext,
): ParameterDefinition {
  const type = input.type ?? 'string';
  const definition: ParameterDefinition = {
    name: input.name,
    description: input.description ?? '',
    type,
    required: input.required ?? false,
    default: null,
    from: input.from ?? null,
    pattern: input.pattern ?? null,
    minimum: readLimit(input.minimum, type, [...path, 'minimum'], context),
    maximum: readLimit(input.maximum, type, [...path, 'maximum'], context),
    values: input.values ?? [],
  };
  // Whether the parts fit each other can be said only when all are there.
  if (!damaged) checkConstraints(definition, input, path, context);
  if (!damaged && input.default !== undefined)
    definition.default = readDefault(definition, input.default, [...path, 'default'], context);
  if (input.from !== undefined) checkFrom(input.from, [...path, 'from'], context);
  return definition;
}

function readLimit(
  value: number | string | undefined,
  type: ParameterType,
  path: Path,
  context: ParseContext,
): number | null {
  if (value === undefined) return null;
  if (!RANGED.includes(type))
    context.error(path, `only integer, number and duration have limits; this is ${type}`, { key: true });
  else if (type === 'duration') {
    const ms = typeof value === 'string' ? parseDuration(value) : null;
    if (ms === null) context.error(path, DURATION_HELP);
    return ms;
  } else if (typeof value === 'number') return value;
  else context.error(path, 'must be a number');
  return null;
}

function checkConstraints(
  definition: ParameterDefinition,
  input: ParameterInput,
  path: Path,
  context: ParseContext,
): void {
  const { type, pattern, minimum, maximum, values } = definition;
  if (minimum !== null && maximum !== null && minimum > maximum)
    context.error([...path, 'maximum'], 'is less than minimum');
  if (type === 'enum' && values.length === 0)
    context.error(path, 'an enum needs values: [a, b]', { key: true });
  if (type !== 'enum' && input.values)
    context.error([...path, 'values'], `only an enum has values; this is ${type}`, { key: true });
  values.forEach((value, index) => {
    if (values.indexOf(value) < index)
      context.error([...path, 'values', index], `"${value}" stands here twice`);
  });
  if (pattern === null) return;
  const fault = type === 'string' ? patternProblem(pattern) : `only a string has a pattern; this is ${type}`;
  if (fault === null) return;
  context.error([...path, 'pattern'], fault, { key: type !== 'string' });
  definition.pattern = null;
}

function readDefault(
  definition: ParameterDefinition,
  value: ParameterValue,
  path: Path,
  context: ParseContext,
): ParameterValue {
  // A default is not text from a form: 5 for a string is a slip, and so is "5" for an integer.
  const textual =
    definition.type === 'string' || definition.type === 'enum' || definition.type === 'duration';
  const wanted = textual ? 'string' : definition.type === 'boolean' ? 'boolean' : 'number';
  if (typeof value !== wanted) {
    context.error(
      path,
      `does not fit the type ${definition.type}: ${textual ? 'put it in quotes' : `must be a ${wanted}`}`,
    );
    return value;
  }
  const checked = checkValue(definition, value);
  if (checked.error !== null) context.error(path, `does not fit: ${checked.error}`);
  return value;
}

function checkFrom(template: string, path: Path, context: ParseContext): void {
  const segments = context.attempt(path, () => parseTemplate(template));
  if (!segments) return;
  const holes = holesOf(segments);
  if (holes.length === 0)
    context.error(path, 'needs a template such as "{{ labels.service }}"; a fixed value is a default');
  const known = {
    parameters: new Map(),
    registers: new Map(),
    later: new Set<string>(),
    secrets: false,
    early: true,
  };
  for (const hole of holes) checkReferences(referencesOf(hole.expression), known, path, context);
}
