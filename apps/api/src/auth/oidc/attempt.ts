import { z } from 'zod';

/** How long somebody may take at the provider, in milliseconds. */
export const ATTEMPT_MS = 10 * 60_000;

/** What the engine keeps, in the browser that asked, until it comes back from the provider. */
export const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const isOver = ({ startedAt }: Attempt, now: Date): boolean => now.getTime() - startedAt >= ATTEMPT_MS;
