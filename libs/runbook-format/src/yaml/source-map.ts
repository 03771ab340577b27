import type { Scalar } from 'yaml';

const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|[\s\S])/y;

/**
 * Where character `index` of a scalar's value stands in the source. Value and source run in parallel; where they
 * differ (escapes, folded lines, indentation) the source is moved on until they agree again.
 */
export function sourceOffset(source: string, scalar: Scalar, index: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const value = typeof scalar.value === 'string' ? scalar.value : '';
  const quote = scalar.type === 'QUOTE_DOUBLE' ? '"' : scalar.type === 'QUOTE_SINGLE' ? "'" : '';
  let at = start + quote.length;
  if (scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED') at = source.indexOf('\n', start) + 1;
  for (let i = 0; i < value.length && at < end; i++) {
    const char = value.charAt(i);
    if (!/\s/.test(char)) while (at < end && /\s/.test(source.charAt(at))) at++;
    if (i === index) return at;
    at = afterCharacter(source, at, char, quote);
  }
  return Math.min(at, end);
}

function afterCharacter(source: string, at: number, char: string, quote: string): number {
  if (quote === '"' && source[at] === '\\') {
    ESCAPE.lastIndex = at;
    const escape = ESCAPE.exec(source)?.[0] ?? '\\';
    return /\n/.test(escape) ? afterCharacter(source, at + escape.length, char, quote) : at + escape.length;
  }
  if (quote === "'" && source.startsWith("''", at)) return at + 2;
  if (!/\s/.test(char)) return at + 1;
  return /\s/.test(source.charAt(at)) ? at + 1 : at;
}
