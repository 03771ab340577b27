import { z } from 'zod';

/** Why signing in through the provider failed: `sign_in_error` in the address of the sign-in page. */
export const signInErrorSchema = z.enum([
  'not_configured',
  'cancelled',
  'expired',
  'provider_away',
  'no_role',
  'disabled',
  'failed',
]);
export type SignInError = z.infer<typeof signInErrorSchema>;

/** The ways in that the sign-in page offers. */
export const signInMethodsSchema = z
  .object({
    /** The provider, null where there is none; the browser goes to `path` to sign in there. */
    oidc: z.object({ label: z.string(), path: z.string() }).nullable(),
    /** Whether browsers give passkeys to this address. */
    passkeys: z.boolean(),
  })
  .meta({ id: 'SignInMethods' });
export type SignInMethods = z.infer<typeof signInMethodsSchema>;

export const oidcStartQuerySchema = z.strictObject({
  return_to: z.string().max(500).optional().describe('Path of the app to go on at; `/` unless it is one'),
});
