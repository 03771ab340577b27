import type { Quote } from './syntax.js';

/**
 * Writes a value for the quotes it stands in. In single quotes nothing is special but the quote itself, so a bare
 * value is always put in them, an empty one too. In double quotes exactly these four characters are special.
 */
export function quotePosix(value: string, quote: Quote): string {
  if (quote === 'double') return value.replace(/[\\$"`]/g, '\\$&');
  const inSingle = value.replaceAll("'", () => "'\\''");
  return quote === 'single' ? inSingle : `'${inSingle}'`;
}
