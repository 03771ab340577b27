import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { AppConfig } from '../config/config.js';
import { UserError } from '../errors/errors.js';
import { pageOfItems, type ItemOptions } from './array-page.js';
import { countRows } from './count.js';
import { cursorKeys, openCursor, sealCursor, type Position } from './cursor.js';
import { DatabaseSession } from './database-session.js';
import { segmentsAfter } from './keyset.js';
import type { Page, Reads, Sparse } from './page.js';
import { parseSort, windowOf, type Sort, type SortOptions } from './sort.js';

export type ListRequest = Pick<ListQuery, 'page' | 'page_size' | 'cursor' | 'limit' | 'sort' | 'q'> & Reads;

type Row = ObjectLiteral & { id: string };
type Builder<E extends Row> = SelectQueryBuilder<E>;
const POSITION = 'cursor_position';

/** What every list of the API is made with. */
@Injectable()
export class Lists {
  private readonly keys: Buffer[];

  constructor(
    config: AppConfig,
    private readonly session: DatabaseSession,
  ) {
    this.keys = cursorKeys(config.settings.ENCRYPTION_KEYS.map(({ key }) => key));
  }

  /**
   * Reads a page of `builder`, which has the filter and nothing else, in either style: `page`/`page_size`, or
   * `cursor`/`limit` by keyset, which neither repeats nor misses while rows come and go and costs the same on every page.
   * A cursor serves the filter and the sort it was made for alone.
   * @throws UserError `validation` for an unknown sort or a cursor of another list
   */
  page<E extends Row>(
    builder: Builder<E>,
    query: Omit<ListRequest, 'reads'>,
    options: SortOptions,
  ): Promise<Page<E>> {
    return this.read(builder, { ...query, reads: null }, options);
  }

  /** The same, of which only those properties are read that `reads` names. */
  sparse<E extends Row>(
    builder: Builder<E>,
    query: ListRequest,
    options: SortOptions,
  ): Promise<Page<Sparse<E>>> {
    return this.read(builder, query, options);
  }

  private async read<E extends Row>(
    builder: Builder<E>,
    query: ListRequest,
    options: SortOptions,
  ): Promise<Page<E>> {
    const sort = parseSort(query, options);
    const window = windowOf(query);
    const scope = scopeOf(builder, sort);
    const from = window.cursor === null ? null : this.open(window.cursor, scope);
    const total = await countRows(builder, this.session.manager);
    const rows = inOrder(reading(builder.clone(), query.reads ?? null), sort);
    const found = await readFrom(rows, from, sort, window.offset, window.size + 1);
    const items = found.slice(0, window.size);
    const last = found.length > window.size ? items.at(-1) : undefined;
    const nextCursor = last === undefined ? null : sealCursor(last.position, scope, this.keys);
    return { items: items.map((item) => item.row), nextCursor, ...total };
  }

  /** Reads one row of `builder`, or those of its properties that were asked for. */
  one<E extends Row>(builder: Builder<E>, { reads }: Reads): Promise<Sparse<E> | null> {
    return reading(builder, reads ?? null).getOne();
  }

  /** The same list of things that are not in the database but in memory, all of them at hand. */
  pageOf<T>(items: readonly T[], query: ListRequest, options: ItemOptions<T>): Page<T> {
    const { name } = parseSort(query, {
      columns: Object.fromEntries(Object.keys(options.columns).map((key) => [key, inMemory])),
      fallback: options.fallback,
    });
    const text = query.q?.toLowerCase() ?? '';
    const scope = JSON.stringify([options.name, name, text]);
    const found = items.filter(
      (item) =>
        text === '' || options.texts(item).some((each) => each?.toLowerCase().includes(text) === true),
    );
    return pageOfItems(found, { ...windowOf(query), sort: name }, options, {
      open: (text) => this.open(text, scope),
      seal: (position) => sealCursor(position, scope, this.keys),
    });
  }

  private open(text: string, scope: string): Position {
    const position = openCursor(text, scope, this.keys);
    if (position !== null) return position;
    throw UserError.invalid(
      'cursor',
      'This cursor was not made for this list with this filter and sort. Start again without one.',
    );
  }
}

const inMemory = { property: '', kind: 'text' } as const;

/** The filter as PostgreSQL is asked, with its values, and the sort: what a cursor is bound to. */
function scopeOf<E extends Row>(builder: Builder<E>, sort: Sort): string {
  const [sql, values] = builder.clone().select('1', 'one').getQueryAndParameters();
  return createHash('sha256')
    .update(JSON.stringify([sql, values, sort.name]))
    .digest('base64');
}

/** Leaves out of the SELECT what nobody asked for. */
function reading<E extends Row>(builder: Builder<E>, reads: ReadonlySet<string> | null): Builder<E> {
  const columns = builder.expressionMap.mainAlias?.metadata.columns ?? [];
  if (reads === null) return builder;
  const wanted = columns
    .map((column) => column.propertyName)
    .filter((name) => name === 'id' || reads.has(name));
  return builder.select(wanted.map((name) => `${builder.alias}.${name}`));
}

function inOrder<E extends Row>(builder: Builder<E>, { column, descending }: Sort): Builder<E> {
  const direction = descending ? 'DESC' : 'ASC';
  const path = `${builder.alias}.${column.property}`;
  return builder
    .addSelect(`CAST(${path} AS text)`, POSITION)
    .orderBy(path, direction)
    .addOrderBy(`${builder.alias}.id`, direction);
}

interface Found<E> {
  row: E;
  position: Position;
}

async function readFrom<E extends Row>(
  builder: Builder<E>,
  from: Position | null,
  sort: Sort,
  offset: number,
  count: number,
): Promise<Found<E>[]> {
  if (from === null) return read(builder.clone().offset(offset).limit(count));
  const found: Found<E>[] = [];
  for (const { where, parameters } of segmentsAfter(from, sort, builder.alias)) {
    const segment = builder
      .clone()
      .andWhere(where, parameters)
      .limit(count - found.length);
    found.push(...(await read(segment)));
    if (found.length === count) break;
  }
  return found;
}

async function read<E extends Row>(builder: Builder<E>): Promise<Found<E>[]> {
  const { entities, raw } = await builder.getRawAndEntities<Record<string, string | null>>();
  return entities.map((row, index) => ({
    row,
    position: { value: raw[index]?.[POSITION] ?? null, id: row.id },
  }));
}
