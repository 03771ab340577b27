import type { ListQuery, PageDto } from '@aiops/contracts';
import type { Page } from '../database/page.js';
import { pickFields } from './fields.js';

/** Turns a page of domain objects into the envelope on the wire. */
export function toPageDto<T, D extends object>(
  page: Page<T>,
  map: (item: T) => D,
  query?: Pick<ListQuery, 'fields'>,
  knownFields?: readonly string[],
): PageDto<D> {
  const data = page.items.map(map);
  return {
    data: pickFields(data, query?.fields, knownFields ?? []),
    pagination: { total: page.total, next_cursor: page.nextCursor, has_more: page.nextCursor !== null },
  };
}
