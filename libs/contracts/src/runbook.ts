import { z } from 'zod';
import { idSchema, listQuerySchema, roleSchema, timestampSchema } from './common.js';

export const runbookInputSchema = z.strictObject({ yaml: z.string().min(1).max(262_144) });

export const runbookSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    category: z.string(),
    tags: z.array(z.string()),
    version: z.number().int(),
    yaml: z.string(),
    approval: z.enum(['required', 'by_rule', 'never']),
    enabled: z.boolean(),
    /** State of the runbook's circuit breaker: after repeated failures it refuses automatic runs until one trial succeeds. */
    breaker: z.object({
      state: z.enum(['closed', 'open', 'half_open']),
      failures: z.number().int(),
      opened_at: timestampSchema.nullable(),
      retry_at: timestampSchema.nullable(),
    }),
    stats: z.object({
      runs: z.number().int(),
      succeeded: z.number().int(),
      failed: z.number().int(),
      last_run_at: timestampSchema.nullable(),
      last_status: z.string().nullable(),
    }),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Runbook' });
export type RunbookDto = z.infer<typeof runbookSchema>;

export const runbookVersionSchema = z
  .object({
    id: idSchema,
    runbook_id: idSchema,
    version: z.number().int(),
    yaml: z.string(),
    created_by: z.string(),
    created_at: timestampSchema,
  })
  .meta({ id: 'RunbookVersion' });
export type RunbookVersionDto = z.infer<typeof runbookVersionSchema>;

export const runbookProblemSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});
export const runbookValidationSchema = z
  .object({
    valid: z.boolean(),
    errors: z.array(runbookProblemSchema),
    warnings: z.array(runbookProblemSchema),
  })
  .meta({ id: 'RunbookValidation' });
export type RunbookValidationDto = z.infer<typeof runbookValidationSchema>;

export const runbookTemplateSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    category: z.string(),
    tags: z.array(z.string()),
    yaml: z.string(),
  })
  .meta({ id: 'RunbookTemplate' });
export type RunbookTemplateDto = z.infer<typeof runbookTemplateSchema>;

export const executeRequestSchema = z.strictObject({
  target_ids: z.array(idSchema).max(500).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  alert_id: idSchema.nullable().optional(),
  dry_run: z.boolean().optional(),
});
export type ExecuteRequest = z.infer<typeof executeRequestSchema>;

export const runbookListQuerySchema = listQuerySchema.extend({
  category: z.string().optional().describe('Of this category'),
  tag: z.string().optional().describe('With this tag'),
  name: z.string().optional().describe('With exactly this name'),
});

/** How much a run can break: `high` is approved by engineers and above, or by people who are named. */
export const runbookRiskSchema = z.enum(['low', 'high']);
export type RunbookRisk = z.infer<typeof runbookRiskSchema>;

/** Viewers run and approve nothing. */
const permitRoleSchema = roleSchema.exclude(['viewer']);
export type PermitRole = z.infer<typeof permitRoleSchema>;

/** Whoever has the role or one above it, and the named people besides; with `null` only they. */
const permitInputSchema = z.strictObject({
  role: permitRoleSchema.nullable(),
  users: z.array(z.string().min(1).max(100)).max(100).default([]).describe('User names'),
});
export const runbookAccessInputSchema = z.strictObject({
  risk: runbookRiskSchema,
  run: permitInputSchema,
  approve: permitInputSchema,
  self_approval: z.boolean().describe('Whether who asked for a run may also approve it'),
});
export type RunbookAccessInput = z.infer<typeof runbookAccessInputSchema>;

const permitSchema = z.object({ role: permitRoleSchema.nullable(), users: z.array(z.string()) });
export const runbookAccessSchema = z
  .object({
    risk: runbookRiskSchema,
    run: permitSchema,
    approve: permitSchema,
    self_approval: z.boolean(),
    is_default: z.boolean().describe('Nobody has set anything: this follows from the newest version'),
    who_may_run: z.string().describe('For people: `engineers and above, or Ann`'),
    who_may_approve: z.string(),
    you: z
      .object({
        may_run: z.boolean(),
        must_ask: z.boolean().describe('A run that you start waits for the approval of somebody else'),
        may_approve: z.boolean().describe('Without `self_approval` not what you asked for yourself'),
      })
      .describe('What it means for who asks'),
    updated_by: z.string().nullable(),
    updated_at: timestampSchema.nullable(),
  })
  .meta({ id: 'RunbookAccess' });
export type RunbookAccessDto = z.infer<typeof runbookAccessSchema>;
