import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseFigures } from './database-figures.js';

describe('DatabaseFigures', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function figuresOf(read: () => Promise<number>) {
    const shown: (number | null)[] = [];
    const failures: string[] = [];
    const figures = new DatabaseFigures((group) => failures.push(group));
    figures.add({ group: 'some', read, show: (figure) => shown.push(figure) });
    return { figures, shown, failures };
  }

  it('reads once for all that ask together, and again only after a rest', async () => {
    const read = vi.fn(() => Promise.resolve(7));
    const { figures, shown } = figuresOf(read);
    await Promise.all([figures.refresh(), figures.refresh()]);
    await figures.refresh();
    expect(read).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10_001);
    await figures.refresh();
    expect(read).toHaveBeenCalledTimes(2);
    expect(shown).toEqual([7, 7]);
  });

  it('rests longer after a look that cost much', async () => {
    const read = vi.fn(() => {
      vi.advanceTimersByTime(3_000);
      return Promise.resolve(7);
    });
    const { figures } = figuresOf(read);
    await figures.refresh();
    vi.advanceTimersByTime(59_000);
    await figures.refresh();
    expect(read).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(2_000);
    await figures.refresh();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('keeps what it last read over a short failure, and shows nothing after a long one', async () => {
    const read = vi.fn(() => Promise.resolve(7));
    const { figures, shown, failures } = figuresOf(read);
    await figures.refresh();
    read.mockRejectedValue(new Error('away'));
    vi.advanceTimersByTime(30_000);
    await figures.refresh();
    expect(shown).toEqual([7]);
    vi.advanceTimersByTime(45_000);
    await figures.refresh();
    expect(shown).toEqual([7, null]);
    expect(failures).toEqual(['some', 'some']);
  });

  it('lets nobody wait long for a database that does not answer', async () => {
    const { figures, shown } = figuresOf(() => new Promise(() => undefined));
    const asked = figures.refresh();
    await vi.advanceTimersByTimeAsync(4_000);
    await asked;
    expect(shown).toEqual([null]);
  });
});
