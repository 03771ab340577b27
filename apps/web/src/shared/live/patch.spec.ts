import { describe, expect, it } from 'vitest';
import { newer, notShown, patchRows } from './patch';

const row = (id: string, at: number, text = '') => ({ id, updated_at: new Date(at).toISOString(), text });
const page = (...data: ReturnType<typeof row>[]) => ({
  data,
  pagination: { total: data.length, total_is_estimate: false, next_cursor: null, has_more: false },
});

describe('patching the rows of a list', () => {
  it('puts news in place and keeps the order', () => {
    const before = page(row('a', 1), row('b', 1), row('c', 1));
    expect(patchRows(before, [row('b', 2, 'new')])?.data.map(({ id, text }) => id + text)).toEqual([
      'a',
      'bnew',
      'c',
    ]);
  });

  it('ignores news that are older than what is shown', () => {
    const before = page(row('a', 5, 'shown'));
    expect(patchRows(before, [row('a', 4, 'late')])).toBe(before);
  });

  it('gives back the very same page when nothing on it changed, so that nothing is drawn again', () => {
    const before = page(row('a', 1));
    expect(patchRows(before, [row('z', 9)])).toBe(before);
    expect(patchRows(undefined, [row('z', 9)])).toBeUndefined();
  });

  it('keeps what is newer, whichever way it came', () => {
    expect(newer(row('a', 5, 'shown'), row('a', 4, 'late')).text).toBe('shown');
    expect(newer(row('a', 5, 'shown'), row('a', 6, 'news')).text).toBe('news');
    expect(newer(undefined, row('a', 1, 'first')).text).toBe('first');
  });

  it('tells which rows are not on the page', () => {
    expect(notShown(page(row('a', 1)), [row('a', 2), row('b', 2)]).map(({ id }) => id)).toEqual(['b']);
  });
});
