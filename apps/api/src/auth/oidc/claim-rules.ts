import { hash } from 'node:crypto';
import { usernameSchema, type Role } from '@aiops/contracts';
import { rolesInOrder } from '../../platform/index.js';

/** What a provider says of a person. */
export type Claims = Readonly<Record<string, unknown>>;

/** The texts in a claim. `path` is its whole name, or leads inside with dots where there is no claim of that name. */
export function claimedTexts(claims: Claims, path: string): string[] {
  const value = Object.hasOwn(claims, path) ? claims[path] : inside(claims, path.split('.'));
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

function inside(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return inside((value as Claims)[name], rest);
}

/** The role that the values of the role claim give: of several the one that may do most; null for none. */
export function mappedRole(
  claimed: readonly string[],
  map: readonly { claimed: string; role: Role }[],
): Role | null {
  const given = map.filter((entry) => claimed.includes(entry.claimed)).map(({ role }) => role);
  return rolesInOrder.findLast((role) => given.includes(role)) ?? null;
}

const LONGEST_NAME = 80;

/**
 * What somebody may be called here, best first; the last one is theirs alone. None of it says who they are: that are
 * issuer and subject (OpenID Connect Core 1.0, 5.7), and a name that is taken belongs to somebody else.
 */
export function usernamesFor(claims: Claims, issuer: string, subject: string): string[] {
  const wished = [claims['preferred_username'], claims['email']].flatMap((value) => usable(value) ?? []);
  const own = hash('sha256', JSON.stringify([issuer, subject]), 'hex').slice(0, 10);
  return [...wished, ...wished.slice(0, 1).map((name) => `${name}-${own}`), `oidc-${own}`];
}

function usable(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const parsed = usernameSchema.safeParse(value.replaceAll(/[^a-zA-Z0-9._@-]/g, '-').slice(0, LONGEST_NAME));
  return parsed.success ? parsed.data.toLowerCase() : null;
}

/** How somebody is called in full, null when the provider does not say. */
export function displayNameOf(claims: Claims): string | null {
  const parts = [claims['given_name'], claims['family_name']].filter((one) => typeof one === 'string');
  const name = typeof claims['name'] === 'string' ? claims['name'] : parts.join(' ');
  const clean = name.replaceAll('\0', '').toWellFormed().trim().slice(0, 200);
  return clean === '' ? null : clean;
}

/** The address of somebody, if the provider says in so many words that it has checked that (OpenID Connect Core 1.0, 5.1). */
export function verifiedEmail(claims: Claims): string | null {
  const { email, email_verified: isVerified } = claims;
  return typeof email === 'string' && isVerified === true ? email : null;
}
