import type { ApiKeyDto, ApiKeyScope, ApiKeyWarning } from '@aiops/contracts';

/** Scopes in words, in the order in which they are offered. */
export const scopeWords: Record<ApiKeyScope, string> = {
  ingest: 'Send alerts',
  read: 'Read',
  run: 'Run and stop runbooks',
  approve: 'Approve and decline',
  manage: 'Change everything else',
  api: 'All of the API, people and keys included',
};

/** What a key may do: `read, run and stop runbooks, as responder`. */
export function mayWords({ scopes, role }: Pick<ApiKeyDto, 'scopes' | 'role'>): string {
  const order = Object.keys(scopeWords) as ApiKeyScope[];
  const words = order.filter((scope) => scopes.includes(scope)).map((scope) => scopeWords[scope]);
  const text = words.map((word, index) => (index === 0 ? word : lowerFirst(word))).join(', ');
  const sendsOnly = scopes.every((scope) => scope === 'ingest');
  return sendsOnly ? text : `${text}, as ${role}`;
}

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Each warning as a sentence about the key. */
export function warningWords(key: ApiKeyDto, warning: ApiKeyWarning, now: number): string {
  switch (warning) {
    case 'expired':
      return 'has expired. Rotate it, or delete it.';
    case 'expires_soon': {
      const when = untilWords(Date.parse(key.expires_at ?? '') - now);
      const next = key.replaced_by === null ? 'Rotate it.' : 'It was rotated: its holders must change over.';
      return `expires ${when}. ${next}`;
    }
    case 'unused':
      return key.last_used_at === null
        ? 'was never used in 90 days. Delete it if nobody needs it.'
        : 'was not used for 90 days. Delete it if nobody needs it.';
  }
}

/** `within the hour`, `in 24 h`, `in 7 days`. */
function untilWords(milliseconds: number): string {
  const hours = Math.round(milliseconds / HOUR_MS);
  if (hours < 1) return 'within the hour';
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} days`;
}

/** Lengths of life to choose from; in days, 0 for no end. */
export const lives = [
  { value: '0', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

export const expiryOf = (days: string, now: number): string | null =>
  days === '0' ? null : new Date(now + Number(days) * DAY_MS).toISOString();
