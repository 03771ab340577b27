/** Byte order mark: without it spreadsheets take UTF-8 for something else. */
export const CSV_START = '\uFEFF';

/**
 * What spreadsheets take for a formula: https://owasp.org/www-community/attacks/CSV_Injection. A tab, a carriage return or
 * a line feed before it is skipped by some, and so are spaces; the full-width forms are read as their ASCII ones.
 */
const formula = /^[\s\u00A0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

/**
 * A line of CSV by RFC 4180, each cell in quotes. A cell that a spreadsheet would take for a formula gets an apostrophe in
 * front, which spreadsheets show as text; programs that need the values unchanged read JSON Lines.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string | number | null): string {
  if (value === null) return '""';
  // A number is one, the minus of a negative one included.
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}
