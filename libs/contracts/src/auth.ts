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
});
export const userUpdateSchema = z.strictObject({
  display_name: z.string().max(200).optional(),
  role: roleSchema.optional(),
  password: passwordSchema.optional(),
  disabled: z.boolean().optional(),
});

export const apiKeyInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  role: roleSchema.default('viewer'),
  /** `ingest` alone makes a key that can send alerts and do nothing else. */
  scopes: z.array(apiKeyScopeSchema).min(1).default(['ingest']),
  expires_at: timestampSchema.nullable().default(null),
});
export const apiKeyUpdateSchema = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  role: roleSchema.optional(),
  scopes: z.array(apiKeyScopeSchema).min(1).optional(),
  expires_at: timestampSchema.nullable().optional(),
});
export const apiKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    role: roleSchema,
    scopes: z.array(apiKeyScopeSchema),
    /** `aiops_abcd***`. */
    hint: z.string(),
    expires_at: timestampSchema.nullable(),
    last_used_at: timestampSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyDto = z.infer<typeof apiKeySchema>;
/** The secret is in this answer alone. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() }).meta({ id: 'ApiKeyCreated' });
export type ApiKeyCreatedDto = z.infer<typeof apiKeyCreatedSchema>;
