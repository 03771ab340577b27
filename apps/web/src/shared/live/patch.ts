import type { PageDto } from '@aiops/contracts';

interface Versioned {
  id: string;
  updated_at: string;
}

/**
 * Puts changed rows into a page in place: order and length stay, older news is ignored. The same page comes back when
 * nothing changed, so that nothing is drawn again.
 */
export function patchRows<T extends Versioned>(
  page: PageDto<T> | undefined,
  changed: readonly T[],
): PageDto<T> | undefined {
  if (page === undefined) return page;
  const byId = new Map(changed.map((row) => [row.id, row]));
  let touched = false;
  const data = page.data.map((row) => {
    const news = byId.get(row.id);
    if (news === undefined || news.updated_at < row.updated_at) return row;
    touched = true;
    return news;
  });
  return touched ? { ...page, data } : page;
}

/** The newer of what is shown and what came in; pushes and answers may overtake each other. */
export const newer = <T extends Versioned>(shown: T | undefined, news: T): T =>
  shown === undefined || news.updated_at >= shown.updated_at ? news : shown;

/** Rows that the page does not show. */
export function notShown<T extends Versioned>(page: PageDto<T> | undefined, changed: readonly T[]): T[] {
  const shown = new Set(page?.data.map((row) => row.id));
  return changed.filter((row) => !shown.has(row.id));
}
