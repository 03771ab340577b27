import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

export const matcherSchema = z.strictObject({
  name: z.string().min(1).max(256),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(2000),
});
export type Matcher = z.infer<typeof matcherSchema>;

export const ruleActionSchema = z.enum(['ignore', 'observe', 'suggest', 'approve', 'auto']);
export type RuleAction = z.infer<typeof ruleActionSchema>;

export const ruleInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(2000).default(''),
  enabled: z.boolean().default(true),
  /** Lower numbers are tried first; the first rule that matches decides. */
  priority: z.number().int().min(0).max(100_000).default(100),
  matchers: z.array(matcherSchema).min(1).max(50),
  action: ruleActionSchema,
  /** Needed for `approve` and `auto`; for `suggest` the best matching trigger is used when empty. */
  runbook_id: idSchema.nullable().default(null),
});
export type RuleInput = z.infer<typeof ruleInputSchema>;

export const ruleSchema = z
  .object({
    id: idSchema,
    ...ruleInputSchema.shape,
    last_matched_at: timestampSchema.nullable(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Rule' });
export type RuleDto = z.infer<typeof ruleSchema>;

export const ruleTestRequestSchema = z.strictObject({
  matchers: z.array(matcherSchema).min(1).max(50),
  runbook_id: idSchema.nullable().optional(),
  /** How many of the newest alerts to try. */
  limit: z.number().int().min(1).max(1000).default(200),
});
export const ruleTestResultSchema = z
  .object({
    tested: z.number().int(),
    matched: z.array(
      z.object({
        alert_id: idSchema,
        alert_name: z.string(),
        fingerprint: z.string(),
        starts_at: timestampSchema,
        /** Whether the given runbook's own trigger would accept this alert; null when no runbook was given. */
        trigger_matches: z.boolean().nullable(),
        reasons: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'RuleTestResult' });
export type RuleTestResult = z.infer<typeof ruleTestResultSchema>;
