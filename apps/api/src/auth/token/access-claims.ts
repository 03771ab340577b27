import { z } from 'zod';
import { roleSchema } from '@aiops/contracts';

/** What an access token says. The role is what it was then; the one in force is that of the user. */
export const accessClaimsSchema = z.object({
  /** Seconds since 1970. A token without an end is none of ours. */
  exp: z.number(),
  sub: z.uuid(),
  name: z.string(),
  role: roleSchema,
  /** The session that it belongs to, and with which it ends. */
  sid: z.uuid(),
});
/** What is read of a token before anything else. */
export const expiringSchema = accessClaimsSchema.pick({ exp: true }).loose();

/**
 * One algorithm and no other, and it is not the token that chooses (RFC 8725, 3.1; OWASP ASVS 5.0, 9.1.2); for us alone
 * (RFC 8725, 3.8 and 3.9; ASVS 9.2.3).
 */
export const accessTokenRules = {
  algorithms: ['HS256' as const],
  issuer: 'aiops',
  audience: 'aiops-api',
};

/** No other kind of token is taken for an access token (RFC 8725, 3.11; RFC 9068, 2.1; ASVS 9.2.2). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** The key is looked up by its name alone: no token brings its own (ASVS 9.1.3). */
export const accessHeaderSchema = z.object({
  alg: z.enum(accessTokenRules.algorithms),
  typ: z.literal(ACCESS_TOKEN_TYPE),
  kid: z.string(),
});
