import type { Position } from './cursor.js';
import type { Page } from './page.js';
import type { Window } from './sort.js';

/**
 * How things in memory are listed: `columns` give what they are sorted by, as text that sorts by its code units, and `texts`
 * what `q` is looked for in.
 */
export interface ItemOptions<T> {
  /** Tells this list from others, with its filter but for `q`. */
  name: string;
  id: (item: T) => string;
  columns: Record<string, (item: T) => string | null>;
  fallback: string;
  texts: (item: T) => readonly (string | null)[];
}

interface Cursors {
  open(text: string): Position;
  seal(position: Position): string;
}

/** A page of things in memory, in the same order and with the same promises as one of the database. */
export function pageOfItems<T>(
  items: readonly T[],
  { size, cursor, offset, sort }: Window & { sort: string },
  { id, columns, fallback }: ItemOptions<T>,
  cursors: Cursors,
): Page<T> {
  const descending = sort.startsWith('-');
  const column = columns[descending ? sort.slice(1) : sort] ?? columns[fallback] ?? id;
  const positionOf = (item: T): Position => ({ value: column(item), id: id(item) });
  const order = (a: Position, b: Position): number => (descending ? compare(b, a) : compare(a, b));
  const sorted = items
    .map((item) => ({ item, position: positionOf(item) }))
    .sort((a, b) => order(a.position, b.position));
  const from = cursor === null ? null : cursors.open(cursor);
  const rest =
    from === null ? sorted.slice(offset) : sorted.filter(({ position }) => order(position, from) > 0);
  const found = rest.slice(0, size);
  const last = rest.length > size ? found.at(-1) : undefined;
  return {
    items: found.map(({ item }) => item),
    total: items.length,
    totalIsEstimate: false,
    nextCursor: last === undefined ? null : cursors.seal(last.position),
  };
}

/** Nulls last, ties by id. */
function compare(a: Position, b: Position): number {
  if (a.value !== b.value) {
    if (a.value === null) return 1;
    if (b.value === null) return -1;
    return a.value < b.value ? -1 : 1;
  }
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
