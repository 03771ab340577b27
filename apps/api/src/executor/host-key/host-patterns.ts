import { createHmac, timingSafeEqual } from 'node:crypto';

const DEFAULT_PORT = 22;

/**
 * The names under which known_hosts knows a host: with the port unless it is 22, and without. `ssh` looks for the first,
 * and then without the port.
 */
export function hostNames({ host, port }: { host: string; port: number }): [string, ...string[]] {
  const name = host.toLowerCase();
  return port === DEFAULT_PORT ? [name] : [`[${name}]:${port}`, name];
}

/** `*` is any text and `?` any character, as in OpenSSH's match_pattern. Without recursion: at worst the product of both lengths. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let rule = 0;
  /** Where the last `*` stood, and how much of the text it has taken so far. */
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (pattern[rule] === '*') {
      star = rule++;
      taken = at;
    } else if (rule < pattern.length && (pattern[rule] === '?' || pattern[rule] === text[at])) {
      rule += 1;
      at += 1;
    } else if (star >= 0) {
      rule = star + 1;
      at = ++taken;
    } else return false;
  }
  while (pattern[rule] === '*') rule += 1;
  return rule === pattern.length;
}

export type HostMatch = 'match' | 'negated' | 'none';

/** What the first field of a known_hosts line says about a name: patterns with commas between, or a hashed name. */
export function matchHosts(hosts: string, name: string): HostMatch {
  if (hosts.startsWith('|')) return isHashOf(hosts, name) ? 'match' : 'none';
  let found: HostMatch = 'none';
  for (const pattern of hosts.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(name, negated ? pattern.slice(1) : pattern)) continue;
    // A negation outweighs any other pattern of the line.
    if (negated) return 'negated';
    found = 'match';
  }
  return found;
}

/**
 * Whether a rule for these hosts concerns the host of these names. In doubt it does not trust, and it does ban: a name
 * that is excluded outweighs the other when it is about trust.
 */
export function concernsHost(hosts: string, names: readonly string[], purpose: 'trust' | 'ban'): boolean {
  const found = names.map((name) => matchHosts(hosts, name));
  if (purpose === 'trust' && found.includes('negated')) return false;
  return found.includes('match');
}

const hashed = /^\|1\|([A-Za-z0-9+/]+={0,2})\|([A-Za-z0-9+/]+={0,2})$/;

/** What is wrong with the first field of a line; null when nothing is. */
export function hostsFlaw(hosts: string): string | null {
  if (hosts.startsWith('|')) {
    const parts = hashed.exec(hosts);
    if (parts === null) return 'the hashed host name is not of the form |1|salt|hash';
    const digest = Buffer.from(parts[2] ?? '', 'base64');
    return digest.length === 20 ? null : 'the hash of the host name has not 20 bytes';
  }
  const patterns = hosts.split(',');
  if (patterns.some((pattern) => pattern === '' || pattern === '!')) return 'one of the host names is empty';
  if (patterns.every((pattern) => pattern.startsWith('!'))) return 'it excludes hosts and names none';
  return null;
}

/** HMAC-SHA1 with the salt as the key (OpenSSH's host_hash). */
function isHashOf(hosts: string, name: string): boolean {
  const parts = hashed.exec(hosts);
  if (parts === null) return false;
  const expected = Buffer.from(parts[2] ?? '', 'base64');
  const digest = createHmac('sha1', Buffer.from(parts[1] ?? '', 'base64'))
    .update(name)
    .digest();
  return expected.length === digest.length && timingSafeEqual(digest, expected);
}
