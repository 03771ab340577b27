import { z } from 'zod';
import { didYouMean } from '../rules/suggest.js';
import type { Path } from '../yaml/document.js';

export interface ShapeProblem {
  path: Path;
  /** The fault is the key itself, not its value. */
  key: boolean;
  message: string;
}

type Issue = z.core.$ZodIssue;

/** The faults of a document against a schema, in words for whoever wrote it. */
export function shapeProblems(schema: z.ZodType, data: unknown): ShapeProblem[] {
  const result = schema.safeParse(data);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => describeIssue(issue, schema, data, []));
}

function describeIssue(issue: Issue, schema: z.ZodType, data: unknown, base: Path): ShapeProblem[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const value = valueAt(data, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      key: true,
      message: `unknown key "${key}"; ${didYouMean(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, schema, data, path);
  if (value === undefined && issue.code !== 'custom') {
    const name = String(path.at(-1));
    return [{ path: path.slice(0, -1), key: true, message: `"${name}" is missing` }];
  }
  return [{ path, key: false, message: messageOf(issue, value) }];
}

/** The alternative that was meant is the one with the fewest faults; a value of a wrong kind altogether has none. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: z.ZodType,
  data: unknown,
  path: Path,
): ShapeProblem[] {
  const branches = issue.errors
    .filter((errors) => !errors.some((error) => error.path.length === 0 && error.code === 'invalid_type'))
    .map((errors) => errors.flatMap((error) => describeIssue(error, schema, data, path)));
  const best = branches.sort((a, b) => a.length - b.length)[0];
  return best ?? [{ path, key: false, message: issue.message }];
}

function messageOf(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    return `must be one of ${choices.join(', ')}${typeof value === 'string' ? `; ${didYouMean(value, choices)}` : ''}`.replace(
      /; known here:.*$/,
      '',
    );
  }
  if (issue.code === 'invalid_type' && /^Invalid input/.test(issue.message)) {
    const kinds: Record<string, string> = {
      object: 'keys and values',
      array: 'a list',
      record: 'pairs of a name and a value',
    };
    return `must be ${kinds[issue.expected] ?? `a ${issue.expected}`}`;
  }
  return issue.message;
}

function valueAt(data: unknown, path: Path): unknown {
  let current: unknown = data;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = new Map<string, unknown>(Object.entries(current)).get(String(part));
  }
  return current;
}

/** The keys a schema knows at a path, over all alternatives. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let schemas: z.core.$ZodType[] = unwrap(schema);
  for (const part of path) schemas = schemas.flatMap((candidate) => step(candidate, part)).flatMap(unwrap);
  return [
    ...new Set(
      schemas.flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : [])),
    ),
  ];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unwrap(option));
  return [schema];
}

function step(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = new Map<string, z.core.$ZodType>(Object.entries<z.core.$ZodType>(schema.shape));
  const next = shape.get(String(part));
  return next ? [next] : [];
}
