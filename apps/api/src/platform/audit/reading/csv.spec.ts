import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.js';

/** The cells of one line, by RFC 4180. */
function parse(line: string): string[] {
  expect(line.endsWith('\r\n')).toBe(true);
  const cells: string[] = [];
  let rest = line.slice(0, -2);
  for (;;) {
    const match = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
    if (match === null) throw new Error(`not CSV: ${rest}`);
    cells.push((match[1] ?? '').replaceAll('""', '"'));
    rest = rest.slice(match[0].length);
    if (match[2] === '') return cells;
  }
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t=', ' =', '\r', '\n', '＝'), fc.string())
    .map((parts) => parts.join('')),
);

describe('a line of CSV', () => {
  it('gives back what was put in, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const read = parse(csvLine(cells));
        expect(read).toHaveLength(cells.length);
        for (const [index, value] of cells.entries()) expect([value, `'${value}`]).toContain(read[index]);
      }),
    );
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(cell, (value) => {
        const [read = ''] = parse(csvLine([value]));
        expect(read.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/);
        expect(read).not.toMatch(/^[\t\r\n]/);
      }),
    );
    expect(csvLine(['=cmd|"/C calc"!A0', 'plain', -5, null])).toBe(
      `"'=cmd|""/C calc""!A0","plain","-5",""\r\n`,
    );
  });
});
