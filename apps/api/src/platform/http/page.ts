import type { ListQuery, PageDto } from '@aiops/contracts';
import type { Page } from '../database/page.js';
import { pickFields, toSparseDto, type Fields } from './fields.js';

/** Turns a page of domain objects into the envelope on the wire. */
export function toPageDto<T, D extends object>(
  page: Page<T>,
  map: (item: T) => D,
  query?: Pick<ListQuery, 'fields'>,
  knownFields?: readonly string[],
): PageDto<D> {
  const data = page.items.map(map);
  return { data: pickFields(data, query?.fields, knownFields ?? []), pagination: paginationOf(page) };
}

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
