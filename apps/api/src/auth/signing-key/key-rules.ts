/** A key that can be used: what it is called, and the secret of its HMAC. */
export interface SigningKey {
  kid: string;
  secret: string;
}
/** A key from the database. */
export interface KeptKey extends SigningKey {
  createdAt: Date;
  /** When it stops being accepted; null while it signs. */
  retiresAt: Date | null;
}
/** All keys that an engine knows: those of `JWT_SECRETS`, newest first, and those of the database. */
export interface KnownKeys {
  configured: readonly SigningKey[];
  kept: readonly KeptKey[];
}

/**
 * The key that signs: the first of `JWT_SECRETS` where it is set, since then somebody keeps keys elsewhere, and else the
 * newest of the database. Null when there is none.
 */
export function signingKey({ configured, kept }: KnownKeys): SigningKey | null {
  const [first] = configured;
  if (first !== undefined) return first;
  const signing = kept.filter(({ retiresAt }) => retiresAt === null);
  return signing.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0] ?? null;
}

/** The key of this name if its tokens are accepted at `now`; a name that stands in `JWT_SECRETS` means that one. */
export function acceptedKey({ configured, kept }: KnownKeys, kid: string, now: Date): SigningKey | null {
  const known = configured.find((key) => key.kid === kid);
  return known ?? kept.find((key) => key.kid === kid && isAccepted(key, now)) ?? null;
}

/** Whether a kept key has not been retired yet. */
export const isAccepted = ({ retiresAt }: Pick<KeptKey, 'retiresAt'>, now: Date): boolean =>
  retiresAt === null || retiresAt > now;

/** Beyond the life of the tokens that it signed last: for replicas that heard late of its successor. */
const MARGIN_MS = 60_000;

/** When a key that signs until `now` may be forgotten: when the last token that it signed has run out. */
export function retirementOf(now: Date, tokenLifetimeMs: number): Date {
  return new Date(now.getTime() + tokenLifetimeMs + MARGIN_MS);
}
