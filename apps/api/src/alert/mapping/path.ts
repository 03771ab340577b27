/** The keys of a dotted path; `\.` is a dot inside a key. */
export function splitPath(path: string): string[] {
  if (path === '') return [];
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}

/** What stands at a dotted path, or undefined; numbers index arrays, and nothing inherited is seen. */
export function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const key of splitPath(path)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key) as unknown;
  }
  return current;
}
