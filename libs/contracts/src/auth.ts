import { z } from 'zod';
import { apiKeyScopeSchema, idSchema, roleSchema, timestampSchema } from './common.js';

export const loginRequestSchema = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});

export const userSchema = z
  .object({
    id: idSchema,
    username: z.string(),
    display_name: z.string(),
    role: roleSchema,
    disabled: z.boolean(),
    has_password: z.boolean().describe('False for who signs in through a provider alone'),
    must_change_password: z
      .boolean()
      .describe('Somebody else chose the password: until it is changed, all other routes answer 403'),
    last_login_at: timestampSchema.nullable(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'User' });
export type UserDto = z.infer<typeof userSchema>;

export const loginResponseSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.number().int(),
  user: userSchema,
});
export type LoginResponse = z.infer<typeof loginResponseSchema>;

export const usernameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-zA-Z0-9._@-]+$/, 'Use letters, digits and . _ @ -');
/** ASVS 5 6.2.1 and 6.2.9: at least 8 characters, at least 64 allowed; we ask for 12. */
export const passwordSchema = z.string().min(12, 'Use at least 12 characters').max(1000);
export const userInputSchema = z.strictObject({
  username: usernameSchema,
  display_name: z.string().max(200).optional(),
  role: roleSchema,
  password: passwordSchema,
  must_change_password: z.boolean().default(false),
});
export const userUpdateSchema = z.strictObject({
  display_name: z.string().max(200).optional(),
  role: roleSchema.optional(),
  password: passwordSchema.optional(),
  must_change_password: z.boolean().optional(),
  disabled: z.boolean().optional(),
});

export const passwordChangeSchema = z.strictObject({
  current_password: z.string().min(1).max(1000),
  new_password: passwordSchema,
});

export const apiKeyInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(1000).default(''),
  role: roleSchema.default('viewer'),
  /** `ingest` alone makes a key that can send alerts and do nothing else. */
  scopes: z.array(apiKeyScopeSchema).min(1).default(['ingest']),
  expires_at: timestampSchema.nullable().default(null),
});
export const apiKeyUpdateSchema = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(1000).optional(),
  role: roleSchema.optional(),
  scopes: z.array(apiKeyScopeSchema).min(1).optional(),
  expires_at: timestampSchema.nullable().optional(),
});
export const apiKeyRotationSchema = z.strictObject({
  grace_hours: z
    .number()
    .int()
    .min(0)
    .max(720)
    .default(24)
    .describe('How long the old key still works; 0 ends it at once'),
  expires_at: timestampSchema
    .nullable()
    .optional()
    .describe('When the new key expires; after as long a life as the old one was given unless said'),
});

export const apiKeyWarningSchema = z.enum(['expired', 'expires_soon', 'unused']);
export type ApiKeyWarning = z.infer<typeof apiKeyWarningSchema>;
export const apiKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    role: roleSchema,
    scopes: z.array(apiKeyScopeSchema),
    /** `aiops_abcd***`. */
    hint: z.string(),
    expires_at: timestampSchema.nullable(),
    last_used_at: timestampSchema.nullable().describe('Noted once a minute at most'),
    last_used_from: z.string().nullable().describe('The address of that use'),
    created_by: z.string().nullable(),
    replaced_by: idSchema.nullable().describe('The key that took its place when it was rotated'),
    warnings: z
      .array(apiKeyWarningSchema)
      .describe('`expires_soon`: within 14 days; `unused`: not for 90 days'),
    created_at: timestampSchema,
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyDto = z.infer<typeof apiKeySchema>;
/** The secret is in this answer alone. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() }).meta({ id: 'ApiKeyCreated' });
export type ApiKeyCreatedDto = z.infer<typeof apiKeyCreatedSchema>;
