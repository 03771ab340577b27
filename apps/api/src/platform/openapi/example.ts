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
  examples?: unknown[];
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

const ID = '01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b';
const TIME = '2026-01-31T12:00:00.000Z';

/** How deep references are followed: enough for everything but what refers to itself. */
const DEEPEST = 12;

/**
 * An example that fits the schema: what the schema itself offers (`examples`, `const`, `default`, the first of an
 * `enum`), and otherwise something plain of its type.
 */
export function exampleOf(schema: JsonSchema, components: Record<string, JsonSchema>, depth = 0): unknown {
  if (depth > DEEPEST) return {};
  const next = (inner: JsonSchema): unknown => exampleOf(inner, components, depth + 1);
  if (schema.$ref !== undefined) return next(components[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.examples !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice !== undefined) return next(choice[0] ?? {});
  if (schema.allOf !== undefined) return mergeParts(schema.allOf.map(next));
  return plain(schema, next);
}

const mergeParts = (parts: unknown[]): object =>
  Object.fromEntries<unknown>(parts.flatMap((part) => Object.entries(part ?? {})));

function plain(schema: JsonSchema, next: (inner: JsonSchema) => unknown): unknown {
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
      return object(schema, next);
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
  return 'text'.padEnd(minLength, 'x');
}

function object(schema: JsonSchema, next: (inner: JsonSchema) => unknown): Record<string, unknown> {
  const known = Object.entries(schema.properties ?? {}).map(([name, inner]): [string, unknown] => [
    name,
    next(inner),
  ]);
  if (known.length > 0 || typeof schema.additionalProperties !== 'object') return Object.fromEntries(known);
  return { name: next(schema.additionalProperties) };
}
