import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './diff';

const side = (lines: ReturnType<typeof diffLines>, without: 'added' | 'removed'): string =>
  lines
    .filter((line) => line.kind !== without)
    .map((line) => line.text)
    .join('\n');

describe('the difference of two texts', () => {
  it('marks what was added and removed and keeps the rest', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'removed b',
      'added x',
      'same c',
    ]);
  });

  it('holds both texts whole', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(side(lines, 'added')).toBe(before);
        expect(side(lines, 'removed')).toBe(after);
      }),
    );
  });
});
