import type { ApiKeyWarning, Role } from '@aiops/contracts';
import { roleSuffices } from '../../platform/index.js';

const DAY_MS = 86_400_000;
/** Time enough to give every holder of a key its successor. */
const SOON_MS = 14 * DAY_MS;
const UNUSED_MS = 90 * DAY_MS;

interface Standing {
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** What somebody should look at: a key that ends, and one that nobody seems to need (OWASP: keys are removed when unused). */
export function warningsOf({ expiresAt, lastUsedAt, createdAt }: Standing, now: Date): ApiKeyWarning[] {
  const left = expiresAt === null ? Infinity : expiresAt.getTime() - now.getTime();
  if (left <= 0) return ['expired'];
  const idle = now.getTime() - (lastUsedAt ?? createdAt).getTime();
  return [
    ...(left <= SOON_MS ? (['expires_soon'] as const) : []),
    ...(idle >= UNUSED_MS ? (['unused'] as const) : []),
  ];
}

/** Nobody hands out more than they have themselves. */
export function whyNotGrant(maker: Role, role: Role): string | null {
  return roleSuffices(maker, role)
    ? null
    : `Your role is ${maker}: a key of yours cannot have the role ${role}.`;
}

/** When the successor of a key ends: after as long a life as the key itself was given, from now on. */
export function successorExpiry(
  { expiresAt, createdAt }: Omit<Standing, 'lastUsedAt'>,
  now: Date,
): Date | null {
  if (expiresAt === null) return null;
  return new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
}

/** When a key that was rotated ends: after the grace, and never later than it would have. */
export function endOfGrace(expiresAt: Date | null, graceHours: number, now: Date): Date {
  const end = now.getTime() + graceHours * 3_600_000;
  return new Date(Math.min(end, expiresAt?.getTime() ?? end));
}
