import { TemplateError } from './error.js';

export type TokenKind = 'name' | 'string' | 'number' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  /** A string's value without quotes; otherwise the text as written. */
  text: string;
  offset: number;
}

const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![A-Za-z0-9_.])/y;
const SYMBOL = /==|!=|<=|>=|[<>.|:,()[\]]/y;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

function take(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** The end (exclusive) of the string literal that starts at `start`, or -1 when it never ends. */
export function stringEnd(source: string, start: number): number {
  const quote = source[start];
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return at + 1;
  }
  return -1;
}

function readString(source: string, start: number, base: number): { value: string; end: number } {
  const end = stringEnd(source, start);
  if (end < 0) throw new TemplateError('this string has no closing quote', base + start);
  let value = '';
  for (let at = start + 1; at < end - 1; at++) {
    if (source[at] !== '\\') {
      value += source[at];
      continue;
    }
    const escape = ESCAPES[source[++at] ?? ''];
    if (escape === undefined) {
      throw new TemplateError('unknown escape; known are \\n \\t \\r \\\\ \\\' \\"', base + at - 1);
    }
    value += escape;
  }
  return { value, end };
}

function nextToken(source: string, at: number, base: number): { token: Token; end: number } {
  const offset = base + at;
  const quote = source[at];
  if (quote === '"' || quote === "'") {
    const { value, end } = readString(source, at, base);
    return { token: { kind: 'string', text: value, offset }, end };
  }
  for (const [kind, pattern] of [
    ['name', NAME],
    ['number', NUMBER],
    ['symbol', SYMBOL],
  ] as const) {
    const text = take(pattern, source, at);
    if (text !== null) return { token: { kind, text, offset }, end: at + text.length };
  }
  throw new TemplateError(`unexpected ${JSON.stringify([...source.slice(at)][0])}`, offset);
}

/** Splits an expression into tokens; offsets are shifted by `base`, where the expression starts in its text. */
export function tokenize(source: string, base = 0): Token[] {
  const tokens: Token[] = [];
  let at = take(SPACE, source, 0)?.length ?? 0;
  while (at < source.length) {
    const { token, end } = nextToken(source, at, base);
    tokens.push(token);
    at = end + (take(SPACE, source, end)?.length ?? 0);
  }
  tokens.push({ kind: 'end', text: '', offset: base + source.length });
  return tokens;
}
