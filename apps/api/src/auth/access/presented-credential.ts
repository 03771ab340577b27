/** Every API key begins so. */
export const API_KEY_PREFIX = 'aiops_';

export type PresentedCredential =
  { kind: 'none' } | { kind: 'token'; token: string } | { kind: 'api_key'; key: string };

interface Presented {
  headers: Record<string, string | string[] | undefined>;
  query: unknown;
}

/**
 * What a request shows to be let in. API keys and access tokens come as `Authorization: Bearer` (RFC 6750);
 * senders that can do no better give the key as password of basic authentication (RFC 7617) or as `?key=`,
 * which only `alsoForSenders` reads, since an address ends up in logs.
 */
export function presentedCredential(request: Presented, alsoForSenders: boolean): PresentedCredential {
  const header = request.headers['authorization'];
  const authorization = typeof header === 'string' ? header : '';
  const bearer = /^bearer +([^\s]+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) {
    return bearer.startsWith(API_KEY_PREFIX)
      ? { kind: 'api_key', key: bearer }
      : { kind: 'token', token: bearer };
  }
  const key = alsoForSenders ? (basicPassword(authorization) ?? keyInQuery(request.query)) : undefined;
  return key === undefined ? { kind: 'none' } : { kind: 'api_key', key };
}

function basicPassword(authorization: string): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

function keyInQuery(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('key' in query)) return undefined;
  return typeof query.key === 'string' ? query.key : undefined;
}
