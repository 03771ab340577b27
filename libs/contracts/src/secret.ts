import { z } from 'zod';

/** To show a secret takes a reason, which the audit log keeps. */
export const revealInputSchema = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(3, 'Say in a few words why you need to see it')
    .max(500)
    .describe('Why, for the audit log'),
});
export type RevealInput = z.infer<typeof revealInputSchema>;

/** Secrets in the clear: the one kind of answer that shows them, for administrators. */
export const revealedSchema = z
  .object({
    secrets: z
      .record(z.string(), z.string())
      .describe('By the name of the field they were given in, such as `secret`, `passphrase` or `api_key`'),
  })
  .meta({ id: 'Revealed' });
export type RevealedDto = z.infer<typeof revealedSchema>;
