import { createHash } from 'node:crypto';

/** JSON with sorted keys and no spaces: the same value always gives the same text (RFC 8785 for what plans hold). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 over the canonical JSON of a plan, in hex. */
export function planHash(plan: object): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
