import type { ParameterDefinition, ParameterValue } from '../model/runbook.js';
import { DURATION_HELP, parseDuration } from '../rules/duration.js';
import { matchesWhole } from '../rules/pattern.js';

export type CheckedValue = { value: ParameterValue; error: null } | { value: null; error: string };

const LONGEST_TEXT = 64 * 1024;

const fine = (value: ParameterValue): CheckedValue => ({ value, error: null });
const wrong = (error: string): CheckedValue => ({ value: null, error });

/** Brings a value to the parameter's type, as far as nothing is lost (labels are always text), and checks its limits. */
export function checkValue(definition: ParameterDefinition, given: unknown): CheckedValue {
  switch (definition.type) {
    case 'string':
      return checkString(definition, given);
    case 'enum':
      return typeof given === 'string' && definition.values.includes(given)
        ? fine(given)
        : wrong(`must be one of ${definition.values.join(', ')}`);
    case 'boolean':
      if (given === true || given === 'true') return fine(true);
      return given === false || given === 'false' ? fine(false) : wrong('must be true or false');
    case 'duration': {
      const ms = typeof given === 'string' ? parseDuration(given) : null;
      return typeof given !== 'string' || ms === null
        ? wrong(DURATION_HELP)
        : (rangeError(definition, ms) ?? fine(given));
    }
    default:
      return checkNumber(definition, given);
  }
}

function checkString(definition: ParameterDefinition, given: unknown): CheckedValue {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    return wrong('must be a text');
  const text = String(given);
  if (text.length > LONGEST_TEXT) return wrong(`has more than ${LONGEST_TEXT} characters`);
  if (text.includes('\0')) return wrong('has a NUL character');
  if (definition.pattern !== null && !matchesWhole(definition.pattern, text))
    return wrong(`must match ${definition.pattern}`);
  return fine(text);
}

function checkNumber(definition: ParameterDefinition, given: unknown): CheckedValue {
  const number =
    typeof given === 'string' && /^-?[0-9]{1,300}(?:\.[0-9]+)?$/.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    return wrong(definition.type === 'integer' ? 'must be a whole number' : 'must be a number');
  }
  if (definition.type === 'integer' && !Number.isSafeInteger(number)) return wrong('must be a whole number');
  return rangeError(definition, number) ?? fine(number);
}

function rangeError({ type, minimum, maximum }: ParameterDefinition, value: number): CheckedValue | null {
  const shown = (limit: number): string => (type === 'duration' ? `${limit}ms` : String(limit));
  if (minimum !== null && value < minimum) return wrong(`must be ${shown(minimum)} or more`);
  if (maximum !== null && value > maximum) return wrong(`must be ${shown(maximum)} or less`);
  return null;
}
