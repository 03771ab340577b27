import type { BoundParameters } from '../model/api.js';
import type { JsonValue, ParameterDefinition, Runbook } from '../model/runbook.js';
import type { TemplateScope } from '../model/scope.js';
import { didYouMean } from '../rules/suggest.js';
import { TemplateError } from '../template/error.js';
import { renderJson } from '../template/render.js';
import { checkValue } from './parameter-value.js';

/**
 * Gives every parameter its value: the given one, else what its `from` yields, else its default. All errors at once;
 * `field` is `parameters.<name>`. A parameter that is not required and has no value is absent.
 */
export function bindParameters(
  runbook: Pick<Runbook, 'parameters'>,
  given: Record<string, unknown>,
  scope: TemplateScope,
): BoundParameters {
  const bound: BoundParameters = { values: {}, errors: [] };
  const names = runbook.parameters.map((definition) => definition.name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name))
      bound.errors.push({
        field: `parameters.${name}`,
        message: `unknown parameter; ${didYouMean(name, names)}`,
      });
  }
  for (const definition of runbook.parameters) bindOne(definition, given, scope, bound);
  return bound;
}

function bindOne(
  definition: ParameterDefinition,
  given: Record<string, unknown>,
  scope: TemplateScope,
  bound: BoundParameters,
): void {
  const field = `parameters.${definition.name}`;
  const own = Object.hasOwn(given, definition.name) ? given[definition.name] : undefined;
  const value = own ?? fromTemplate(definition, scope) ?? definition.default;
  if (value === null || value === undefined) {
    if (definition.required) bound.errors.push({ field, message: missingMessage(definition) });
    return;
  }
  const checked = checkValue(definition, value);
  if (checked.error !== null) bound.errors.push({ field, message: checked.error });
  else bound.values[definition.name] = checked.value;
}

function missingMessage({ from }: ParameterDefinition): string {
  return from === null ? 'is required' : `is required, and ${from} has no value here`;
}

/** A name without a value, or an empty text, is no value: the default or the person comes next. */
function fromTemplate({ from }: ParameterDefinition, scope: TemplateScope): JsonValue | undefined {
  if (from === null) return undefined;
  const { alert, labels, annotations } = scope;
  try {
    const value = renderJson(from, { alert, labels, annotations }).text;
    return value === '' ? undefined : value;
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
