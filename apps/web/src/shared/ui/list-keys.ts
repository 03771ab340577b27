import { useEffect, useState } from 'react';
import { useHotkeys } from './hotkeys';

const rowsOnPage = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-active]')];
const indexOfFocus = (rows: HTMLElement[]): number =>
  rows.findIndex((row) => row.contains(document.activeElement));

/** The focus goes to what opens the row, so that a screen reader reads it and Enter follows it. */
function focusRow(row: HTMLElement): void {
  const link = row.querySelector<HTMLElement>('a[href]');
  if (link === null) row.tabIndex = -1;
  (link ?? row).focus();
  row.scrollIntoView({ block: 'nearest' });
}

/**
 * j/k move, Enter or o opens, x selects, G goes to the end: the keys of every list. Rows carry `data-active` and stand in the
 * order of `items`. Arrows move only from within the list; elsewhere they scroll. Returns the index of the row that
 * has, or last had, the focus; it stays with its item when others come in above.
 */
export function useListKeys<T extends { id: string }>(
  items: readonly T[],
  actions: { open: (item: T) => void; toggle?: (item: T) => void },
): number {
  const [activeId, setActiveId] = useState<string | null>(null);
  const active = items.findIndex(({ id }) => id === activeId);
  const goTo = (index: number): void => {
    const row = rowsOnPage()[index];
    if (row === undefined) return;
    setActiveId(items[index]?.id ?? null);
    focusRow(row);
  };
  const move = (by: number) => () => {
    const focused = indexOfFocus(rowsOnPage());
    const from = focused === -1 ? active : focused;
    goTo(Math.min(items.length - 1, Math.max(0, from + by)));
  };
  const moveWithin = (by: number) => () => (indexOfFocus(rowsOnPage()) === -1 ? scroll(by) : move(by)());
  const withCurrent = (act?: (item: T) => void) => () => {
    const current = items[active];
    if (current !== undefined) act?.(current);
  };
  useHotkeys({
    j: move(1),
    k: move(-1),
    ArrowDown: moveWithin(1),
    ArrowUp: moveWithin(-1),
    G: () => goTo(items.length - 1),
    Enter: withCurrent(actions.open),
    o: withCurrent(actions.open),
    x: withCurrent(actions.toggle),
  });
  useEffect(() => {
    const follow = (): void => {
      const item = items[indexOfFocus(rowsOnPage())];
      if (item !== undefined) setActiveId(item.id);
    };
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, [items]);
  return active;
}

/** What an arrow does on any page. */
const scroll = (by: number): void => window.scrollBy({ top: by * 40 });
