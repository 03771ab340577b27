import { stdSerializers } from 'pino';
import { isSecretName, redactText } from '../secrets/redact.js';

const MASK = '***';
const DEEPEST = 8;
const LONGEST_QUERY = 1000;
/** Of errors of the database: values that were to be stored, and rows that were refused. */
const quotesValues = new Set(['parameters', 'detail', 'where', 'internalQuery']);

/** Makes what is logged fit to be read by anybody who reads logs. */
export interface LogRedaction {
  text(text: string): string;
  /** A copy without secrets, of plain objects and texts; errors with their causes among them. */
  value(value: unknown): unknown;
}

/** @param own secrets of this very engine, which are masked wherever they stand, whatever they look like */
export function logRedaction(own: readonly string[]): LogRedaction {
  const text = (raw: string): string =>
    redactText(own.reduce((known, secret) => known.replaceAll(secret, MASK), raw));

  const walk = (value: unknown, above: readonly object[]): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
    if (above.includes(value)) return '[circular]';
    if (above.length === DEEPEST) return '[deeper]';
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    const deeper = [...above, value];
    if (Array.isArray(value)) return value.map((inner) => walk(inner, deeper));
    if (value instanceof Error) return entries(errorFields(value), deeper);
    if (value instanceof Map || value instanceof Set) return [...value].map((inner) => walk(inner, deeper));
    if (writesItself(value)) return walk(value.toJSON(), deeper);
    return entries(value, deeper);
  };

  const entries = (object: object, above: readonly object[]): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(object).map(([name, inner]) => [name, masks(name, inner) ? MASK : walk(inner, above)]),
    );

  return { text, value: (value) => walk(value, []) };
}

const writesItself = (value: object): value is { toJSON: () => unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** A number or a flag under a secret's name is none. */
const masks = (name: string, value: unknown): boolean =>
  isSecretName(name) && value !== '' && value !== null && ['string', 'object'].includes(typeof value);

/** Type, message and stack with those of all causes, and what else the error carries. */
function errorFields(error: Error): object {
  const { message, stack } = stdSerializers.err(error);
  const rest = Object.entries(error).filter(([name]) => !quotesValues.has(name));
  const type = error.name === 'Error' ? error.constructor.name : error.name;
  return {
    type,
    message,
    stack,
    ...(error instanceof AggregateError && { errors: error.errors as unknown[] }),
    ...Object.fromEntries(
      rest.map(([name, value]: [string, unknown]) =>
        name === 'query' && typeof value === 'string' ? [name, value.slice(0, LONGEST_QUERY)] : [name, value],
      ),
    ),
  };
}
