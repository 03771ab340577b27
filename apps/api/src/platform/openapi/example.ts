import { componentValues } from './example-components.js';
import { fieldValues } from './example-values.js';

/** The parts of a JSON Schema (2020-12) that examples are made from. */
export interface JsonSchema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  minimum?: number;
  minLength?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema | false;
  prefixItems?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** Stands where nobody said what an example would be; a test finds it. */
export const PLACEHOLDER = '…?';

const ID = '019c1492-f000-7000-8000-000000000099';
const TIME = '2026-01-31T12:00:00.000Z';

/** How deep references are followed: enough for everything but what refers to itself. */
const DEEPEST = 12;

type Values = Readonly<Record<string, unknown>>;

/** Makes examples that fit their schemas. */
export class Examples {
  constructor(private readonly components: Record<string, JsonSchema>) {}

  /** `of` names the component that the body is about, when it is none itself; `sent` is a body of a request. */
  of(schema: JsonSchema, about: { component?: string; sent?: boolean } = {}): unknown {
    const { component = '', sent = false } = about;
    const own = componentValues[component] ?? {};
    return this.make(schema, sent ? { ...own, ...componentValues[`${component}Input`] } : own, 0);
  }

  /**
   * What the schema itself offers (`example`, `const`, `default`, the first of an `enum`), and otherwise something plain
   * of its type; `values` are those of the component around it.
   */
  private make(schema: JsonSchema, values: Values, depth: number): unknown {
    if (depth > DEEPEST) return {};
    const next = (inner: JsonSchema): unknown => this.make(inner, values, depth + 1);
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1) ?? '';
      return this.make(this.components[name] ?? {}, componentValues[name] ?? {}, depth + 1);
    }
    if (schema.example !== undefined) return schema.example;
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    if (schema.enum !== undefined) return schema.enum[0];
    const choice = schema.anyOf ?? schema.oneOf;
    if (choice !== undefined) return next(choice[0] ?? {});
    if (schema.allOf !== undefined) return mergeParts(schema.allOf.map(next));
    return plain(schema, next, values);
  }
}

const mergeParts = (parts: unknown[]): object =>
  Object.fromEntries<unknown>(parts.flatMap((part) => Object.entries(part ?? {})));

function plain(schema: JsonSchema, next: (inner: JsonSchema) => unknown, values: Values): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'array':
      return schema.items === undefined || schema.items === false ? [] : [next(schema.items)];
    case 'object':
      return object(schema, next, values);
    case 'null':
      return null;
    default:
      return {};
  }
}

function text({ format, minLength = 0 }: JsonSchema): string {
  if (format === 'uuid') return ID;
  if (format === 'date-time') return TIME;
  if (format === 'uri') return 'https://example.com/';
  if (format === 'email') return 'sre@example.com';
  return PLACEHOLDER.padEnd(minLength, '…');
}

function object(
  schema: JsonSchema,
  next: (inner: JsonSchema) => unknown,
  values: Values,
): Record<string, unknown> {
  const valueOf = (name: string, inner: JsonSchema): unknown => {
    const known = [values, fieldValues].find((some) => Object.hasOwn(some, name));
    return known === undefined ? next(inner) : known[name];
  };
  const known = Object.entries(schema.properties ?? {})
    .map(([name, inner]): [string, unknown] => [name, valueOf(name, inner)])
    .filter(([, value]) => value !== undefined);
  if (known.length > 0 || typeof schema.additionalProperties !== 'object') return Object.fromEntries(known);
  return { name: next(schema.additionalProperties) };
}
