import { hash, randomBytes } from 'node:crypto';
import type { InvitationKind, InvitationState } from '@aiops/contracts';

/** How a link stands. */
export interface LinkFacts {
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export function stateOf({ expiresAt, acceptedAt, revokedAt }: LinkFacts, now: Date): InvitationState {
  if (acceptedAt !== null) return 'accepted';
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}

const DAY_MS = 86_400_000;

/** A link that opens an account which is in use is good for a day at most. */
export function expiryOf(kind: InvitationKind, now: Date, lifetimeMs: number): Date {
  const longest = kind === 'password_reset' ? Math.min(lifetimeMs, DAY_MS) : lifetimeMs;
  return new Date(now.getTime() + longest);
}

/** 256 random bits (OWASP ASVS 5.0, 6.4.1 and 11.5.1). */
export const newToken = (): string => randomBytes(32).toString('base64url');
export const hashToken = (token: string): string => hash('sha256', token, 'base64url');

/**
 * Where the link leads: what counts stands behind `#`, which browsers send to nobody, so that it is in no log and in no
 * `Referer`. Without the address of the app it begins with the path.
 */
export const linkOf = (token: string, appUrl: string | undefined): string =>
  `${appUrl?.replace(/\/$/, '') ?? ''}/welcome#${token}`;
