const DAY_MS = 86_400_000;

/** Whole days since the secret was given. */
export function ageInDays({ lastRotatedAt }: { lastRotatedAt: Date }, now: Date): number {
  return Math.floor((now.getTime() - lastRotatedAt.getTime()) / DAY_MS);
}

/** Whether a secret is older than it should become (CREDENTIAL_MAX_AGE_DAYS). */
export const isStale = (credential: { lastRotatedAt: Date }, now: Date, maxAgeDays: number): boolean =>
  ageInDays(credential, now) > maxAgeDays;
