import { z } from 'zod';
import { roleSchema, type Role } from '@aiops/contracts';
import { list, milliseconds, settingDocs } from '../setting.js';

/** What the provider says of a person in the role claim, and the role that they get for it. */
export interface RoleMapping {
  claimed: string;
  role: Role;
}

const roleMap = list.pipe(
  z.array(
    z.string().transform((entry, context): RoleMapping => {
      // The name of a group may have `=` in it, that of a role has not.
      const at = entry.lastIndexOf('=');
      const role = roleSchema.safeParse(entry.slice(at + 1).trim());
      const claimed = entry.slice(0, Math.max(0, at)).trim();
      if (role.success && claimed !== '') return { claimed, role: role.data };
      context.addIssue({
        code: 'custom',
        message: `"${entry}" must be value=role, and the role one of ${roleSchema.options.join(', ')}`,
      });
      return z.NEVER;
    }),
  ),
);

export const signInSettings = {
  INVITATION_LIFETIME_MS: milliseconds(259_200_000, 60_000, 2_592_000_000).register(settingDocs, {
    section: 'Signing in',
    about:
      'How long the link of an invitation is good for; that for a new password for a day at most. See [sign-in.md](sign-in.md#invitations).',
    unit: 'ms',
  }),
  PASSWORD_BREACH_LIST_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Signing in',
      about:
        'List of passwords that were stolen somewhere, such as `https://api.pwnedpasswords.com/range`, which new passwords are looked for in: see [sign-in.md](sign-in.md#passwords). Five digits of a hash leave the engine.',
      otherwise: 'new passwords are held against a list of common ones alone',
    }),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Signing in',
      about:
        'Issuer of an OpenID Connect provider through which people may sign in: see [sign-in.md](sign-in.md#openid-connect). Production refuses `http:` unless it is on this very machine. Needs `PUBLIC_URL`.',
      otherwise: 'no sign-in through a provider',
    }),
  OIDC_CLIENT_ID: z.string().optional().register(settingDocs, {
    section: 'Signing in',
    about: 'The engine’s client id at the provider.',
    otherwise: 'required with `OIDC_ISSUER`',
  }),
  OIDC_CLIENT_SECRET: z.string().optional().register(settingDocs, {
    section: 'Signing in',
    about: 'Its secret there.',
    secret: 'one',
    otherwise: 'a public client, which PKCE alone protects',
  }),
  OIDC_SCOPES: z
    .string()
    .default('openid profile email')
    .refine((text) => text.split(/\s+/).includes('openid'), 'must contain openid')
    .register(settingDocs, {
      section: 'Signing in',
      about: 'What the provider is asked for. Add the scope that brings the role claim, where it has one.',
      form: 'scopes, parted by blanks',
    }),
  OIDC_ROLE_CLAIM: z.string().min(1).default('roles').register(settingDocs, {
    section: 'Signing in',
    about:
      'The claim, of the ID token or else of the user info, that `OIDC_ROLE_MAP` reads: a text or a list of texts. Dots lead inside: `realm_access.roles`.',
  }),
  OIDC_ROLE_MAP: roleMap.register(settingDocs, {
    section: 'Signing in',
    about:
      'Which values of the role claim give which role; of several the one that may do most. Read anew at each sign-in.',
    form: 'comma list of `value=role`, such as `sre-leads=admin, sre=engineer, everyone=viewer`',
    otherwise: 'required with `OIDC_ISSUER`, unless there is `OIDC_DEFAULT_ROLE`',
  }),
  OIDC_DEFAULT_ROLE: roleSchema.optional().register(settingDocs, {
    section: 'Signing in',
    about:
      'The role of whoever the provider lets in and `OIDC_ROLE_MAP` gives none. Only where everybody whom the provider knows may see what the engine does.',
    otherwise: 'they are refused',
  }),
  OIDC_LINK_EMAIL: z.enum(['never', 'verified']).default('never').register(settingDocs, {
    section: 'Signing in',
    about:
      'Whether somebody who comes through the provider for the first time takes over the user whose name is their e-mail address. `verified` does so where the provider says that it has checked the address (`email_verified`), and only there: whoever the provider gives an address gets the user with it.',
  }),
  OIDC_LABEL: z.string().min(1).max(60).default('single sign-on').register(settingDocs, {
    section: 'Signing in',
    about: 'How the provider is called on the sign-in page: “Sign in with …”.',
  }),
  OIDC_PASSWORD_LOGIN: z.enum(['refused', 'allowed']).default('refused').register(settingDocs, {
    section: 'Signing in',
    about:
      'Whether people of the provider to whom an administrator has given a password may also sign in with that, past the provider.',
  }),
};
