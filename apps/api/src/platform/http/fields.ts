import { UserError } from '../errors/errors.js';

/**
 * Sparse fieldsets (`?fields=id,status`): keeps the named top-level fields.
 * @throws UserError `validation` for a field that the resource does not have.
 */
export function pickFields<T extends object>(
  items: T[],
  fields: string | undefined,
  known: readonly string[],
): T[] {
  if (fields === undefined || fields === '') return items;
  const wanted = fields.split(',').map((field) => field.trim());
  const unknown = wanted.filter((field) => !known.includes(field));
  if (unknown.length > 0) {
    throw new UserError(
      'validation',
      'Some fields do not exist.',
      unknown.map((field) => ({
        field: 'fields',
        message: `Unknown field "${field}". Known: ${known.join(', ')}`,
      })),
    );
  }
  const keep = new Set(wanted);
  return items.map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => keep.has(key))) as T);
}
