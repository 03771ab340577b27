import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

/** A person signed in on one device. */
export const sessionSchema = z
  .object({
    id: idSchema,
    device: z.string().describe('Browser and system in words, such as "Firefox on Linux"'),
    user_agent: z.string().nullable().describe('What the device says of itself'),
    address: z.string().describe('From where it was refreshed last'),
    methods: z
      .array(z.enum(['pwd', 'otp', 'hwk', 'swk', 'oidc']))
      .describe('How the person proved who they are (RFC 8176); `oidc`: to the provider'),
    created_at: timestampSchema,
    last_active_at: timestampSchema.describe('To the minute'),
    expires_at: timestampSchema.describe('When it ends however it is used'),
    current: z.boolean().describe('Whether it is the one that asks'),
  })
  .meta({ id: 'Session' });
export type SessionDto = z.infer<typeof sessionSchema>;
