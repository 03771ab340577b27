import type { BulkResult, FailedOperationDto } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { list, post } from '../../../shared/api/client';
import { serverNow } from '../../../shared/live/clock';
import { failedQuery, PAGE_SIZE, type FailedSearch } from './search';

export const failedKey = ['failed-operations'] as const;
/** What one bulk request takes. */
export const MOST_AT_ONCE = 1000;
const REFRESH_MS = 15_000;

export type FailedAction = 'retry' | 'discard';

export const failedList = (search: FailedSearch) =>
  queryOptions({
    queryKey: [...failedKey, 'list', search],
    queryFn: ({ signal }) => {
      const page = { page: search.page ?? 1, page_size: PAGE_SIZE };
      return list<FailedOperationDto>(
        '/failed-operations',
        { ...failedQuery(search, serverNow()), ...page },
        signal,
      );
    },
    placeholderData: (before) => before,
    refetchInterval: REFRESH_MS,
  });

/** Names of the operations among the newest, to choose from. */
export const failedNames = queryOptions({
  queryKey: [...failedKey, 'names'],
  queryFn: async ({ signal }) => {
    const query = { fields: 'operation', page_size: 200 };
    const { data } = await list<Pick<FailedOperationDto, 'operation'>>('/failed-operations', query, signal);
    return [...new Set(data.map(({ operation }) => operation))].sort();
  },
});

/** Ids of all that match and that nobody has handled, as many as can be handled at once. */
export async function matchingIds(search: FailedSearch): Promise<string[]> {
  const ids: string[] = [];
  const filters = { ...failedQuery(search, serverNow()), status: 'failed', fields: 'id', limit: 200 };
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list<{ id: string }>>> = await list('/failed-operations', {
      ...filters,
      cursor,
    });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.pagination.next_cursor;
  } while (cursor !== null && ids.length < MOST_AT_ONCE);
  return ids.slice(0, MOST_AT_ONCE);
}

export const handleMany = (action: FailedAction, ids: string[]) =>
  post<BulkResult>(`/failed-operations/bulk/${action}`, { ids });
