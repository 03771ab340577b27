import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

/** What comes from a browser's `navigator.credentials`, as WebAuthn Level 3 (5.1) writes it in JSON. */
const publicKeyCredentialSchema = <S extends z.ZodObject>(response: S) =>
  z.object({
    id: z.string().min(1).max(2_000),
    rawId: z.string().min(1).max(2_000),
    type: z.literal('public-key'),
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullable().optional(),
    clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
    response,
  });
const base64url = z
  .string()
  .min(1)
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]+$/, 'Must be base64url');

export const passkeyRegistrationSchema = publicKeyCredentialSchema(
  z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
).meta({ id: 'PasskeyRegistration' });
export const passkeyAssertionSchema = publicKeyCredentialSchema(
  z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: z.string().max(200).nullable().optional(),
  }),
).meta({ id: 'PasskeyAssertion' });
export type PasskeyRegistration = z.infer<typeof passkeyRegistrationSchema>;
export type PasskeyAssertion = z.infer<typeof passkeyAssertionSchema>;

const tokenSchema = z.string().min(1).max(200).describe('Which attempt this goes on with');
/** For `navigator.credentials`, in the JSON form of WebAuthn. */
const optionsSchema = z.record(z.string(), z.unknown()).describe('For the browser, as WebAuthn has it');

export const secondFactorMethodSchema = z.enum(['totp', 'passkey', 'recovery_code']);
export type SecondFactorMethod = z.infer<typeof secondFactorMethodSchema>;

/** The password was right, and more is to be proved: nobody is signed in yet. */
export const secondFactorNeededSchema = z.object({
  second_factor: z.object({
    token: tokenSchema,
    methods: z.array(secondFactorMethodSchema),
    passkey_options: optionsSchema.nullable(),
    expires_in: z.number().int().describe('Seconds'),
  }),
});
export type SecondFactorNeeded = z.infer<typeof secondFactorNeededSchema>;

export const secondFactorInputSchema = z.union([
  z.strictObject({ token: tokenSchema, code: z.string().min(1).max(20) }),
  z.strictObject({ token: tokenSchema, recovery_code: z.string().min(1).max(40) }),
  z.strictObject({ token: tokenSchema, passkey: passkeyAssertionSchema }),
]);
export type SecondFactorInput = z.infer<typeof secondFactorInputSchema>;

export const passkeyChallengeSchema = z
  .object({ token: tokenSchema, options: optionsSchema, expires_in: z.number().int().describe('Seconds') })
  .meta({ id: 'PasskeyChallenge' });
export type PasskeyChallenge = z.infer<typeof passkeyChallengeSchema>;
export const passkeySignInSchema = z.strictObject({ token: tokenSchema, passkey: passkeyAssertionSchema });

const passkeyNameSchema = z.string().trim().min(1).max(100);
export const passkeyInputSchema = z.strictObject({
  token: tokenSchema,
  name: passkeyNameSchema.describe('By which its person knows it, such as “Laptop”'),
  passkey: passkeyRegistrationSchema,
});

export const passkeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    synced: z.boolean().describe('Whether its person’s other devices may have it too'),
    last_used_at: timestampSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'Passkey' });
export type PasskeyDto = z.infer<typeof passkeySchema>;

/** How somebody proves who they are. */
export const factorsSchema = z
  .object({
    totp: z.object({ confirmed_at: timestampSchema }).nullable().describe('An authenticator app'),
    passkeys: z.array(passkeySchema),
    recovery_codes_left: z.number().int(),
    required: z.boolean().describe('Whether the role needs a second factor'),
    missing: z.boolean().describe('Whether this session may do nothing else before there is one'),
    recently_confirmed: z
      .boolean()
      .describe('Whether factors may be changed now, or `POST /auth/confirm` comes first'),
    passkeys_unavailable: z.string().nullable().describe('Why this address can have no passkeys'),
  })
  .meta({ id: 'Factors' });
export type FactorsDto = z.infer<typeof factorsSchema>;

export const totpSecretSchema = z
  .object({
    secret: z.string().describe('In base32'),
    uri: z.string().describe('What a QR code for an app shows'),
  })
  .meta({ id: 'TotpSecret' });
export type TotpSecretDto = z.infer<typeof totpSecretSchema>;
export const totpCodeSchema = z.strictObject({ code: z.string().min(1).max(20) });

export const recoveryCodesSchema = z
  .object({ recovery_codes: z.array(z.string()).describe('Shown in this answer alone; each is good once') })
  .meta({ id: 'RecoveryCodes' });
export type RecoveryCodesDto = z.infer<typeof recoveryCodesSchema>;
/** With the first factor come codes for the day on which it is lost. */
export const factorAddedSchema = z
  .object({ recovery_codes: z.array(z.string()).nullable().describe('Null when there are some already') })
  .meta({ id: 'FactorAdded' });
export type FactorAddedDto = z.infer<typeof factorAddedSchema>;

export const confirmInputSchema = z.strictObject({ password: z.string().min(1).max(1000) });
