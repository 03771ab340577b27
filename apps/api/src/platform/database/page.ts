import type { ListQuery } from '@aiops/contracts';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { UserError } from '../errors/errors.js';

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  total: number;
  nextCursor: string | null;
}

const DEFAULT_PAGE_SIZE = 20;

interface SortColumn {
  /** Entity property, e.g. `createdAt`. */
  property: string;
  kind: 'time' | 'text' | 'number' | 'id';
}

/** What a list may be sorted by: wire name → column, and the order when none is asked for (`-created_at`). */
export interface SortOptions {
  columns: Record<string, SortColumn>;
  fallback: string;
}

interface Cursor {
  sort: string;
  value: string | number;
  id: string;
}

function parseSort(query: ListQuery, options: SortOptions) {
  const sort = query.sort ?? options.fallback;
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const column = Object.hasOwn(options.columns, name) ? options.columns[name] : undefined;
  if (column === undefined) {
    throw UserError.invalid(
      'sort',
      `Cannot sort by "${name}". Known: ${Object.keys(options.columns).join(', ')}`,
    );
  }
  return { sort, descending, column };
}

/** A cursor comes back from outside: what it holds is checked before it goes near a query. */
const cursorSchemas = {
  time: cursorSchema(z.iso.datetime()),
  text: cursorSchema(z.string().refine((text) => !text.includes('\0'))),
  number: cursorSchema(z.number()),
  id: cursorSchema(z.uuid()),
};

function cursorSchema<T extends string | number>(value: z.ZodType<T>) {
  return z.object({ sort: z.string(), value, id: z.uuid() });
}

function decodeCursor(text: string, sort: string, kind: SortColumn['kind']): Cursor {
  try {
    const cursor = cursorSchemas[kind].parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (cursor.sort === sort) return cursor;
  } catch {
    // Falls through to the one message that helps: start again.
  }
  throw UserError.invalid(
    'cursor',
    'This cursor is not valid for this list and sort. Start again without one.',
  );
}

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/**
 * Runs a list query in either style: `page`/`page_size`, or `cursor`/`limit` by keyset, which neither repeats
 * nor misses while rows arrive. The entity needs an `id`, which breaks ties.
 * @throws UserError `validation` for an unknown sort or a cursor of another list.
 */
export async function paginate<E extends ObjectLiteral & { id: string }>(
  builder: SelectQueryBuilder<E>,
  query: ListQuery,
  options: SortOptions,
): Promise<Page<E>> {
  const { sort, descending, column } = parseSort(query, options);
  const size = query.limit ?? query.page_size ?? DEFAULT_PAGE_SIZE;
  const path = `${builder.alias}.${column.property}`;
  const total = await builder.getCount();
  const direction = descending ? 'DESC' : 'ASC';
  const rows = builder
    .clone()
    .orderBy(path, direction)
    .addOrderBy(`${builder.alias}.id`, direction)
    .take(size + 1);
  if (query.cursor !== undefined) {
    const cursor = decodeCursor(query.cursor, sort, column.kind);
    const cast = column.kind === 'time' ? '::timestamptz' : '';
    rows.andWhere(
      `(${path}, ${builder.alias}.id) ${descending ? '<' : '>'} (:cursorValue${cast}, :cursorId)`,
      {
        cursorValue: cursor.value,
        cursorId: cursor.id,
      },
    );
  } else if (query.page !== undefined) {
    rows.skip((query.page - 1) * size);
  }
  const found = await rows.getMany();
  const items = found.slice(0, size);
  const last = items.at(-1);
  const nextCursor =
    found.length > size && last !== undefined
      ? encodeCursor({ sort, value: cursorValue(last[column.property]), id: last.id })
      : null;
  return { items, total, nextCursor };
}

function cursorValue(value: unknown): string | number {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? value : String(value);
}
