import type { Position } from './cursor.js';
import type { Sort, SortColumn } from './sort.js';

/** A stretch of a list, as a condition on it. */
export interface Segment {
  where: string;
  parameters: Record<string, string>;
}

/** PostgreSQL writes a value as text and reads the very same one back: microseconds are not lost. */
const casts: Record<SortColumn['kind'], string> = {
  time: '::timestamptz',
  text: '::text',
  number: '::bigint',
  id: '::uuid',
};

/**
 * What comes after a position, as stretches to be read one after the other: each is one range of an index on
 * (column, id), so that a page costs the same wherever it is. Nulls are last in ascending and first in descending order,
 * as in PostgreSQL's own indexes.
 */
export function segmentsAfter({ value, id }: Position, sort: Sort, alias: string): Segment[] {
  const { column, descending } = sort;
  const path = `${alias}.${column.property}`;
  const after = descending ? '<' : '>';
  const idAfter = `${alias}.id ${after} :cursorId::uuid`;
  if (value === null) {
    const otherNulls = { where: `${path} IS NULL AND ${idAfter}`, parameters: { cursorId: id } };
    return descending ? [otherNulls, { where: `${path} IS NOT NULL`, parameters: {} }] : [otherNulls];
  }
  const sameKind: Segment =
    column.kind === 'id'
      ? { where: idAfter, parameters: { cursorId: id } }
      : {
          where: `(${path}, ${alias}.id) ${after} (:cursorValue${casts[column.kind]}, :cursorId::uuid)`,
          parameters: { cursorValue: value, cursorId: id },
        };
  const nullsFollow = column.nullable === true && !descending;
  return nullsFollow ? [sameKind, { where: `${path} IS NULL`, parameters: {} }] : [sameKind];
}
