/** PowerShell takes typographic quotes for quotes: each of these opens, closes or doubles a string. */
export const SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b";
export const DOUBLE_QUOTES = '"\u201c\u201d\u201e';

export type PsQuote = 'bare' | 'double' | 'single';

/** Writes a value for the quotes it stands in; a bare value is put in single quotes, where only quotes are special. */
export function quotePowerShell(value: string, quote: PsQuote): string {
  if (quote === 'double') return value.replace(new RegExp(`[\`$${DOUBLE_QUOTES}]`, 'g'), '`$&');
  const doubled = value.replace(new RegExp(`[${SINGLE_QUOTES}]`, 'g'), '$&$&');
  return quote === 'single' ? doubled : `'${doubled}'`;
}
