import type { ListQuery } from '@aiops/contracts';
import { UserError } from '../errors/errors.js';

/** A column that a list may be sorted by. */
export interface SortColumn {
  /** Entity property, e.g. `createdAt`. */
  property: string;
  kind: 'time' | 'text' | 'number' | 'id';
  /** Rows without a value come last in ascending order and first in descending order. */
  nullable?: boolean;
}

/** What a list may be sorted by: wire name → column, and the order when none is asked for (`-created_at`). */
export interface SortOptions {
  columns: Record<string, SortColumn>;
  fallback: string;
}

/** The order of a list. The id breaks ties in the same direction. */
export interface Sort {
  /** As it was asked for: `-created_at`. */
  name: string;
  column: SortColumn;
  descending: boolean;
}

/** @throws UserError `validation` for a field that the list cannot be sorted by */
export function parseSort(query: Pick<ListQuery, 'sort'>, options: SortOptions): Sort {
  const name = query.sort ?? options.fallback;
  const descending = name.startsWith('-');
  const field = descending ? name.slice(1) : name;
  const column = Object.hasOwn(options.columns, field) ? options.columns[field] : undefined;
  if (column !== undefined) return { name, column, descending };
  const known = Object.keys(options.columns).join(', ');
  throw UserError.invalid('sort', `Cannot sort by "${field}". Known: ${known}`);
}

const DEFAULT_PAGE_SIZE = 20;

/** Which part of a list is asked for: from a cursor on, or so many rows in. */
export interface Window {
  size: number;
  cursor: string | null;
  offset: number;
}

/** @throws UserError `validation` when both styles are mixed */
export function windowOf(query: Pick<ListQuery, 'page' | 'page_size' | 'cursor' | 'limit'>): Window {
  const { page, cursor } = query;
  if (cursor !== undefined && page !== undefined)
    throw UserError.invalid('cursor', 'Either `page` or `cursor`, not both');
  if (query.limit !== undefined && query.page_size !== undefined)
    throw UserError.invalid('limit', 'Either `page_size` or `limit`, not both');
  const size = query.limit ?? query.page_size ?? DEFAULT_PAGE_SIZE;
  return { size, cursor: cursor ?? null, offset: page === undefined ? 0 : (page - 1) * size };
}
