/** What decides what is said of a route that says nothing of itself. */
interface Facts {
  method: string;
  isList: boolean;
  hasFields: boolean;
}

/** One sentence on how a route of its kind behaves; empty when there is nothing to say. */
export function behaviour({ method, isList, hasFields }: Facts): string {
  if (isList) return 'In pages; filters are combined with *and*.';
  if (method === 'get') return hasFields ? 'All of it, or only its `fields`.' : '';
  if (method === 'put') return 'Replaces all of it: what is left out gets its default.';
  if (method === 'patch') return 'Changes what is given; the rest stays.';
  if (method === 'delete') return 'There is no way back.';
  return '';
}

const named: Record<string, string> = {
  keyId: 'Id of the host key',
  key: 'Its key',
  kid: 'Id of the key, as in the header of its tokens',
  source: 'Name of the source',
  version: 'Number of the version, from 1',
};

/** What a parameter in the path names: `/alerts/{id}/timeline` has the id of the alert. */
export function pathParameter(name: string, path: string): string {
  if (name !== 'id') return named[name] ?? `Its ${name}`;
  const before = path.slice(0, path.indexOf('/{id}')).split('/').at(-1) ?? '';
  return `Id of the ${singular(before.replaceAll('-', ' '))}`;
}

const singular = (words: string): string => words.replace(/ies$/, 'y').replace(/s$/, '');
