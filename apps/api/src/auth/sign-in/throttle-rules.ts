/** How attempts that failed slow down the next ones. All times in milliseconds. */
export interface ThrottlePolicy {
  /** So many attempts cost nothing. */
  free: number;
  /** The wait after the next one; it doubles with each after that, */
  firstMs: number;
  /** up to this. */
  mostMs: number;
  /** After so long without an attempt all is forgotten. */
  forgetMs: number;
}

/** Attempts that were made and have not been followed by success. */
export interface Attempts {
  count: number;
  lastAt: Date;
  /** When the next one may be made. */
  openAt: Date;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Three things are counted, so that neither many guesses at one password nor one guess at many gets far (OWASP ASVS 5.0,
 * 6.1.1 and 6.3.1). Who guesses from one address is slowed down for that name from that address, hard. Who guesses at one
 * name from many addresses meets a wait that stays short, because it keeps out the name's owner too; and the owner does not
 * meet it on a browser, or at an address, where they have been signed in before: nobody is locked out by others.
 */
export const policies = {
  /** One name from one address: from the eleventh failure on; four an hour in the end. */
  pair: { free: 10, firstMs: SECOND_MS, mostMs: 15 * MINUTE_MS, forgetMs: DAY_MS },
  /** One name from anywhere. */
  account: { free: 30, firstMs: SECOND_MS, mostMs: 30 * SECOND_MS, forgetMs: HOUR_MS },
  /** One address, whatever the names: people behind one address share it. */
  address: { free: 50, firstMs: SECOND_MS, mostMs: MINUTE_MS, forgetMs: HOUR_MS },
  /** Second factors of one person, who has proved the first: only who knows the password can be in their way. */
  factor: { free: 5, firstMs: SECOND_MS, mostMs: HOUR_MS, forgetMs: DAY_MS },
} satisfies Record<string, ThrottlePolicy>;

export type ThrottleKind = keyof typeof policies;

/** Open for whoever comes: not from now on, since clocks of replicas differ, and locks are waited for. */
const ALWAYS = new Date(0);

/** The wait after the attempt number `count`. */
export function waitAfter(count: number, { free, firstMs, mostMs }: ThrottlePolicy): number {
  return count <= free ? 0 : Math.min(mostMs, firstMs * 2 ** Math.min(count - free - 1, 40));
}

/**
 * Admits an attempt, which counts as failed until it succeeds, so that many at once are no way around; or says until when
 * to wait. What is refused does not prolong the wait.
 */
export function attempt(
  before: Attempts | null,
  now: Date,
  policy: ThrottlePolicy,
): { admitted: true; after: Attempts } | { admitted: false; openAt: Date } {
  if (before !== null && before.openAt > now) return { admitted: false, openAt: before.openAt };
  const isForgotten = before === null || now.getTime() - before.lastAt.getTime() >= policy.forgetMs;
  const count = isForgotten ? 1 : before.count + 1;
  const wait = waitAfter(count, policy);
  const openAt = wait === 0 ? ALWAYS : new Date(now.getTime() + wait);
  return { admitted: true, after: { count, lastAt: now, openAt } };
}

/** What is left of an address's attempts when one of them succeeded: that one did not fail, and the others did. */
export const withoutOne = ({ count, lastAt }: Attempts): Attempts => ({
  count: Math.max(0, count - 1),
  lastAt,
  openAt: ALWAYS,
});
