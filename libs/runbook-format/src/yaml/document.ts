import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Problem } from '../model/problem.js';
import { sourceOffset } from './source-map.js';

export const MAX_BYTES = 256 * 1024;
const DEEPEST = 40;
const MOST_ALIASES = 100;
const MOST_SYNTAX_ERRORS = 20;

export type Path = (string | number)[];

/** A parsed YAML document that knows where everything in it stands. */
export class YamlDocument {
  constructor(
    readonly data: unknown,
    private readonly source: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** The value at a path, or its key; where nothing is, the nearest thing around it. `index` is within a text value. */
  problem(path: Path, message: string, at: { key?: boolean; index?: number } = {}): Problem {
    const found = this.find(path);
    const node = at.key || !found.value ? (found.key ?? found.value) : found.value;
    let offset = node?.range?.[0] ?? 0;
    if (at.index !== undefined && isScalar(found.value))
      offset = sourceOffset(this.source, found.value, at.index);
    return { ...position(this.lines, offset), message, path: formatYamlPath(path) };
  }

  line(path: Path): number {
    return this.problem(path, '').line;
  }

  private find(path: Path): { key: Node | null; value: Node | null } {
    let value: Node | null = this.document.contents;
    let key: Node | null = null;
    for (const part of path) {
      if (isAlias(value)) value = value.resolve(this.document) ?? null;
      if (isSeq(value) && typeof part === 'number') {
        const item: unknown = value.items[part];
        if (!isNode(item)) break;
        key = null;
        value = item;
      } else if (isMap(value)) {
        const pair: Pair | undefined = value.items.find(
          (candidate) => isScalar(candidate.key) && String(candidate.key.value) === String(part),
        );
        if (!pair) break;
        key = isNode(pair.key) ? pair.key : null;
        value = isNode(pair.value) ? pair.value : null;
      } else break;
    }
    return { key, value };
  }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

export function formatYamlPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
    .join('');
}

/** Reads one YAML document. Faults of the YAML itself are returned, never thrown. */
export function readYaml(source: string): { document: YamlDocument | null; errors: Problem[] } {
  const failed = (message: string, line = 1, column = 1): { document: null; errors: Problem[] } => ({
    document: null,
    errors: [{ line, column, message }],
  });
  const bytes = new TextEncoder().encode(source).length;
  if (bytes > MAX_BYTES) return failed(`the runbook has ${bytes} bytes; the limit is ${MAX_BYTES} (256 KiB)`);
  try {
    return parse(source);
  } catch (error) {
    // The parser recurses; thousands of brackets in each other exhaust the stack.
    if (error instanceof RangeError) return failed('the runbook is nested too deeply');
    throw error;
  }
}

function parse(source: string): { document: YamlDocument | null; errors: Problem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  });
  const at = (offset: number, message: string): Problem => ({ ...position(lines, offset), message });
  if (!Array.isArray(parsed) || parsed.length === 0)
    return { document: null, errors: [at(0, 'the runbook is empty')] };
  const [document, second] = parsed;
  if (!document) return { document: null, errors: [at(0, 'the runbook is empty')] };
  const limit = structureProblem(document);
  if (limit) return { document: null, errors: [at(limit.offset, limit.message)] };
  const errors = document.errors
    .slice(0, MOST_SYNTAX_ERRORS)
    .map((error) => at(error.pos[0], yamlMessage(error.code, error.message)));
  // A tag that is not known leaves the value something else than was written.
  errors.push(
    ...document.warnings.map((warning) => at(warning.pos[0], `not valid here: ${warning.message}`)),
  );
  if (second) errors.push(at(second.range[0], 'a second document begins here; a file holds one runbook'));
  const fatal = document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
  if (fatal) return { document: null, errors };
  if (!isMap(document.contents)) {
    const message =
      document.contents === null
        ? 'the runbook is empty'
        : 'a runbook is a list of keys and values, such as "name: …"';
    return { document: null, errors: [...errors, at(document.contents?.range?.[0] ?? 0, message)] };
  }
  const { data, problem } = toData(document);
  if (problem) return { document: null, errors: [...errors, at(problem.offset, problem.message)] };
  return { document: new YamlDocument(data, source, document, lines), errors };
}

function yamlMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands here twice; the format allows it once';
  return `not valid YAML: ${message}`;
}

/** Towers of brackets and crowds of aliases are cut off before anything walks them. */
function structureProblem(document: Document): { offset: number; message: string } | null {
  let problem: { offset: number; message: string } | null = null;
  let aliases = 0;
  visit(document, {
    Node: (_key, node, ancestors) => {
      const offset = node.range?.[0] ?? 0;
      if (ancestors.length > DEEPEST * 2) problem ??= { offset, message: 'nested too deeply' };
      if (isAlias(node) && ++aliases > MOST_ALIASES) problem ??= { offset, message: 'too many aliases (*)' };
      return problem ? visit.BREAK : undefined;
    },
  });
  return problem;
}

/** The plain data; null when its aliases multiply beyond measure or lead nowhere. */
function toData(document: Document): { data: unknown; problem: { offset: number; message: string } | null } {
  try {
    return { data: document.toJS({ maxAliasCount: MOST_ALIASES }), problem: null };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    let offset = 0;
    visit(document, {
      Alias: (_key, alias) => {
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    return { data: null, problem: { offset, message: `an alias (*) cannot be used: ${error.message}` } };
  }
}
