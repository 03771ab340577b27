import { UserError } from '../errors/errors.js';

/** One field on the wire: what it is read from, and how it is written. */
export interface Field<T, V> {
  reads: readonly (keyof T & string)[];
  value(item: T): V;
}

/** All fields of a resource; what the mapper writes and what a list reads is said once. */
export type Fields<T, D> = { readonly [K in keyof D]-?: Field<T, D[K]> };

/** Shorthands for the fields of resources that are read from `T`. */
export const fieldsOf = <T>() => ({
  /** The property as it is. */
  same: <K extends keyof T & string>(key: K): Field<Pick<T, K>, T[K]> => ({
    reads: [key],
    value: (item) => item[key],
  }),
  /** A point in time. */
  time: <K extends keyof T & string>(key: K): Field<{ [P in K]: Date }, string> => ({
    reads: [key],
    value: (item) => item[key].toISOString(),
  }),
  /** A point in time that may be missing. */
  timeOrNull: <K extends keyof T & string>(key: K): Field<{ [P in K]: Date | null }, string | null> => ({
    reads: [key],
    value: (item) => item[key]?.toISOString() ?? null,
  }),
  /** Made from some properties. */
  from: <K extends keyof T & string, V>(
    reads: readonly K[],
    value: (item: Pick<T, K>) => V,
  ): Field<Pick<T, K>, V> => ({ reads, value }),
});

/**
 * The fields that `?fields=id,status` names, null for all.
 * @throws UserError `validation` for a field that the resource does not have
 */
function wantedFields<T, D>(fields: Fields<T, D>, text: string | undefined): string[] | null {
  if (text === undefined || text === '') return null;
  const wanted = text.split(',').map((field) => field.trim());
  const unknown = wanted.filter((field) => !Object.hasOwn(fields, field));
  if (unknown.length === 0) return wanted;
  const known = Object.keys(fields).join(', ');
  throw new UserError(
    'validation',
    'Some fields do not exist.',
    unknown.map((field) => ({ field: 'fields', message: `Unknown field "${field}". Known: ${known}` })),
  );
}

/**
 * The properties that have to be read for `?fields=`; without it those of every field, which spares what is stored and
 * not shown. @throws UserError `validation`
 */
function readsOf<T, D>(fields: Fields<T, D>, text: string | undefined): ReadonlySet<string> {
  const wanted = wantedFields(fields, text);
  const chosen = entriesOf(fields).filter(([name]) => wanted === null || wanted.includes(name));
  return new Set(chosen.flatMap(([, { reads }]) => reads));
}

/** A query together with what has to be read for its `?fields=`. @throws UserError `validation` */
export function reading<T, D, Q extends { fields?: string | undefined }>(
  fields: Fields<T, D>,
  query: Q,
): Q & { reads: ReadonlySet<string> } {
  return { ...query, reads: readsOf(fields, query.fields) };
}

/** Writes a resource, or the fields of it that were asked for; of the others nothing needs to have been read. */
export function toSparseDto<T, D>(item: Partial<T>, fields: Fields<T, D>, text: string | undefined): D {
  const wanted = wantedFields(fields, text);
  const chosen = entriesOf(fields).filter(([name]) => wanted === null || wanted.includes(name));
  // Each field looks at nothing but what it `reads`, and that was read.
  const whole = item as T;
  return Object.fromEntries(chosen.map(([name, field]) => [name, field.value(whole)])) as D;
}

/** The mapper of a resource that writes every field. */
export function mapperOf<T, D>(fields: Fields<T, D>): (item: T) => D {
  const entries = entriesOf(fields);
  return (item) => Object.fromEntries(entries.map(([name, field]) => [name, field.value(item)])) as D;
}

function entriesOf<T, D>(fields: Fields<T, D>): [string, Field<T, unknown>][] {
  return Object.entries<Field<T, unknown>>(fields);
}
