import { z } from 'zod';
import { actorSchema, bulkRequestSchema, idSchema, listQuerySchema, timestampSchema } from './common.js';

export const executionStatusSchema = z.enum([
  'awaiting_approval',
  'queued',
  'running',
  'verifying',
  'succeeded',
  'failed',
  'rolled_back',
  'rejected',
  'cancelled',
  'timed_out',
  'needs_attention',
]);
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

export const finalExecutionStatuses = [
  'succeeded',
  'failed',
  'rolled_back',
  'rejected',
  'cancelled',
  'timed_out',
] as const satisfies readonly ExecutionStatus[];

export const stepStatusSchema = z.enum([
  'pending',
  'running',
  'awaiting_approval',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'interrupted',
]);
export type StepStatus = z.infer<typeof stepStatusSchema>;

export const stepPhaseSchema = z.enum(['steps', 'rollback', 'verify']);
export type StepPhase = z.infer<typeof stepPhaseSchema>;

export const executionStepSchema = z.object({
  /** Position over all phases and targets of this execution, from 0. */
  index: z.number().int(),
  phase: stepPhaseSchema,
  name: z.string(),
  kind: z.enum(['command', 'http', 'alert_resolved']),
  target: z.string().nullable(),
  status: stepStatusSchema,
  attempt: z.number().int(),
  exit_code: z.number().int().nullable(),
  /** As it ran or will run; secrets are `***`, values not known yet are marked. */
  command: z.string().nullable(),
  /** Why it failed, was skipped or was interrupted, for a person. */
  reason: z.string().nullable(),
  approval_required: z.boolean(),
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema.nullable(),
});
export type ExecutionStepDto = z.infer<typeof executionStepSchema>;

/** What an approver approves: nothing else will run. */
export const executionPlanSchema = z.object({
  hash: z.string(),
  targets: z.array(
    z.object({ id: idSchema, name: z.string(), host: z.string(), username: z.string().nullable() }),
  ),
  parameters: z.record(z.string(), z.unknown()),
  steps: z.array(
    z.object({
      phase: stepPhaseSchema,
      name: z.string(),
      target: z.string().nullable(),
      command: z.string(),
      approval_required: z.boolean(),
      /** Values that are not known before the run, e.g. `steps.pid.stdout`. */
      unknown: z.array(z.string()),
    }),
  ),
});
export type ExecutionPlanDto = z.infer<typeof executionPlanSchema>;

export const executionSchema = z
  .object({
    id: idSchema,
    status: executionStatusSchema,
    /** What started it. */
    trigger: z.enum(['manual', 'rule', 'schedule']),
    dry_run: z.boolean(),
    runbook: z.object({ id: idSchema, name: z.string(), version: z.number().int() }),
    alert_id: idSchema.nullable(),
    /** The first target's name, or null for a runbook that needs none. */
    target: z.string().nullable(),
    targets: z.array(z.object({ id: idSchema, name: z.string() })),
    parameters: z.record(z.string(), z.unknown()),
    steps: z.array(executionStepSchema),
    plan: executionPlanSchema.nullable(),
    /** Why it is in its present status, for a person. */
    reason: z.string().nullable(),
    approval_expires_at: timestampSchema.nullable(),
    /** Asked to stop, and not stopped yet. */
    cancel_requested: z.boolean(),
    requested_by: actorSchema,
    approved_by: actorSchema.nullable(),
    /** What people decided while it waited or ran, in order, with what they wrote to it. */
    interventions: z.array(
      z.object({
        at: timestampSchema,
        kind: z.enum(['approved', 'rejected', 'cancelled', 'retried', 'skipped', 'aborted']),
        by: actorSchema,
        note: z.string().nullable(),
        /** The steps it was about; none when it was about all of it. */
        step_indexes: z.array(z.number().int()),
      }),
    ),
    created_at: timestampSchema,
    started_at: timestampSchema.nullable(),
    finished_at: timestampSchema.nullable(),
    updated_at: timestampSchema,
  })
  .meta({ id: 'Execution' });
export type ExecutionDto = z.infer<typeof executionSchema>;

export const executionOutputSchema = z
  .object({
    /** Chunks in order; `offset` is the execution-wide sequence to pass as `after` next time. */
    chunks: z.array(
      z.object({
        offset: z.number().int(),
        step_index: z.number().int(),
        attempt: z.number().int(),
        stream: z.enum(['stdout', 'stderr', 'system']),
        text: z.string(),
        at: timestampSchema,
      }),
    ),
    next_offset: z.number().int(),
    has_more: z.boolean(),
  })
  .meta({ id: 'ExecutionOutput' });
export type ExecutionOutputDto = z.infer<typeof executionOutputSchema>;
export type OutputChunkDto = ExecutionOutputDto['chunks'][number];

/** `after` is the last offset that the reader has. */
export const executionOutputQuerySchema = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .describe('Last offset that the reader has'),
  limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Chunks of one answer'),
});

export const executionListQuerySchema = listQuerySchema.extend({
  status: z.string().optional().describe('A status of executions; several with commas'),
  runbook_id: idSchema.optional().describe('Of this runbook, whatever its version'),
  alert_id: idSchema.optional().describe('For this alert'),
  target_id: idSchema.optional().describe('On this target'),
});

/** `plan_hash` makes sure that what is approved is what was seen. */
export const approveRequestSchema = z.strictObject({
  plan_hash: z.string().optional(),
  note: z.string().max(2000).optional(),
});
export type ApproveRequest = z.infer<typeof approveRequestSchema>;
export const rejectRequestSchema = z.strictObject({ reason: z.string().max(2000).optional() });
export const cancelRequestSchema = z.strictObject({ reason: z.string().max(2000).optional() });
export const executionBulkCancelSchema = bulkRequestSchema.extend({
  reason: z.string().max(2000).optional(),
});
export const resumeRequestSchema = z.strictObject({
  decision: z.enum(['retry', 'skip', 'abort']),
  note: z.string().max(2000).optional(),
});
export type ResumeRequest = z.infer<typeof resumeRequestSchema>;
