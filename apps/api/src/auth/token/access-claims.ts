import { z } from 'zod';
import { roleSchema } from '@aiops/contracts';

/** What an access token says. The role is what it was at sign-in; the one in force is read with every request. */
export const accessClaimsSchema = z.object({
  /** Seconds since 1970. A token without an end is none of ours. */
  exp: z.number(),
  sub: z.uuid(),
  name: z.string(),
  role: roleSchema,
  /** The user's token version at sign-in. */
  ver: z.number().int(),
});
/** What is read of a token before anything else. */
export const expiringSchema = accessClaimsSchema.pick({ exp: true }).loose();

/** One algorithm and no other: a token cannot choose how it is checked (RFC 8725, 3.1). */
export const accessTokenRules = {
  algorithms: ['HS256' as const],
  issuer: 'aiops',
  audience: 'aiops-api',
};

/** Seconds. Twelve hours, one shift: sessions that renew themselves come with a short token of their own. */
export const ACCESS_TOKEN_LIFETIME = 12 * 3600;
