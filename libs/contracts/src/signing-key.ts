import { z } from 'zod';
import { timestampSchema } from './common.js';

/** As `JWT_SECRETS` has it, or a UUID for a key that the engine made. */
export const kidSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'Use letters, digits, _ and -');

export const signingKeySchema = z
  .object({
    kid: z.string(),
    source: z.enum(['database', 'settings']).describe('`settings` for keys of `JWT_SECRETS`'),
    state: z.enum(['signing', 'accepted']).describe('`accepted`: signs no more, its tokens are still good'),
    created_at: timestampSchema.nullable().describe('Null for keys of `JWT_SECRETS`'),
    retires_at: timestampSchema.nullable().describe('When its tokens will be refused'),
  })
  .meta({ id: 'SigningKey' });
export type SigningKeyDto = z.infer<typeof signingKeySchema>;
