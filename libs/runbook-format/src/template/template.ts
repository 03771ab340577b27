import { formatPath, walk, type Expression } from './ast.js';
import { TemplateError } from './error.js';
import { parseValue } from './parser.js';
import { stringEnd } from './tokens.js';

export interface Hole {
  expression: Expression;
  /** The expression as written, without braces; shown where the value is not known yet. */
  source: string;
  /** Offset of the opening braces in the template. */
  offset: number;
  /** Offset just after the closing braces. */
  end: number;
}

export type Segment = { type: 'text'; text: string; offset: number } | { type: 'hole'; hole: Hole };

function closingBraces(template: string, from: number): number {
  for (let at = from; at < template.length; at++) {
    const char = template[at];
    if (char === '}' && template[at + 1] === '}') return at;
    if (char === '"' || char === "'") {
      const end = stringEnd(template, at);
      if (end < 0) return -1;
      at = end - 1;
    }
  }
  return -1;
}

function readHole(template: string, offset: number): Hole {
  const close = closingBraces(template, offset + 2);
  if (close < 0) throw new TemplateError('this {{ is never closed by }}', offset);
  const source = template.slice(offset + 2, close);
  if (source.trim() === '') throw new TemplateError('nothing stands between these braces', offset);
  return { expression: parseValue(source, offset + 2), source: source.trim(), offset, end: close + 2 };
}

/** Splits a template into its literal text and its holes. @throws TemplateError at the first fault */
export function parseTemplate(template: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const end = open < 0 ? template.length : open;
    if (end > at) segments.push({ type: 'text', text: template.slice(at, end), offset: at });
    if (open < 0) break;
    const hole = readHole(template, open);
    segments.push({ type: 'hole', hole });
    at = hole.end;
  }
  return segments;
}

export function holesOf(segments: Segment[]): Hole[] {
  return segments.flatMap((segment) => (segment.type === 'hole' ? [segment.hole] : []));
}

export interface Reference {
  path: (string | number)[];
  /** `default` catches it when it has no value. */
  optional: boolean;
  offset: number;
}

/** Every name an expression reads. */
export function referencesOf(expression: Expression): Reference[] {
  const optional = new Set<Expression>();
  const found: Reference[] = [];
  walk(expression, (node) => {
    if (node.type === 'filter' && (node.name === 'default' || optional.has(node))) optional.add(node.input);
    if (node.type === 'path')
      found.push({ path: node.path, optional: optional.has(node), offset: node.offset });
  });
  return found;
}

/** Names of the secrets a template reads, so that they can be fetched before it is rendered. */
export function secretNames(template: string): string[] {
  const references = holesOf(parseTemplate(template)).flatMap((hole) => referencesOf(hole.expression));
  return [
    ...new Set(references.filter((ref) => ref.path[0] === 'secrets').map((ref) => String(ref.path[1] ?? ''))),
  ];
}

/** A name for messages: `steps.pid.stdout`. */
export function referenceName(reference: Reference): string {
  return formatPath(reference.path);
}
