import { useEffect, useState } from 'react';
import { useHotkeys } from './hotkeys';

/** j/k move, Enter or o opens, x selects: the keys of every list. */
export function useListKeys<T>(
  items: readonly T[],
  actions: { open(item: T): void; toggle?(item: T): void },
): number {
  const [active, setActive] = useState(-1);
  const current = items[active];
  const move = (by: number) => () =>
    setActive((index) => Math.min(items.length - 1, Math.max(0, index + by)));
  useHotkeys({
    j: move(1),
    k: move(-1),
    ArrowDown: move(1),
    ArrowUp: move(-1),
    Enter: () => current !== undefined && actions.open(current),
    o: () => current !== undefined && actions.open(current),
    x: () => current !== undefined && actions.toggle?.(current),
  });
  useEffect(() => {
    document.querySelector('[data-active="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return active;
}
