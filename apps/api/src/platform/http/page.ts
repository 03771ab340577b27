import type { ListQuery, PageDto } from '@aiops/contracts';
import type { Page } from '../database/page.js';
import { toSparseDto, type Fields } from './fields.js';

/** The envelope of a page of which only the fields that were asked for have been read. */
export function toSparsePage<T, D extends object>(
  page: Page<Partial<T>>,
  fields: Fields<T, D>,
  query: Pick<ListQuery, 'fields'>,
): PageDto<D> {
  return {
    data: page.items.map((item) => toSparseDto(item, fields, query.fields)),
    pagination: paginationOf(page),
  };
}

const paginationOf = <T>(page: Page<T>): PageDto<unknown>['pagination'] => ({
  total: page.total,
  total_is_estimate: page.totalIsEstimate,
  next_cursor: page.nextCursor,
  has_more: page.nextCursor !== null,
});
