import { z } from 'zod';
import { idSchema, listQuerySchema, timestampSchema } from './common.js';

/** A job that used up its attempts. */
export const failedOperationSchema = z
  .object({
    id: idSchema,
    /** Name of the job, e.g. `notification.deliver`. */
    operation: z.string(),
    /** What the job was given; what looks like a secret is `***`. */
    payload: z.record(z.string(), z.unknown()),
    error: z.string(),
    attempts: z.number().int(),
    status: z.enum(['failed', 'retried', 'discarded']),
    failed_at: timestampSchema,
    handled_by: z.string().nullable(),
    handled_at: timestampSchema.nullable(),
  })
  .meta({ id: 'FailedOperation' });
export type FailedOperationDto = z.infer<typeof failedOperationSchema>;
export const failedOperationListQuerySchema = listQuerySchema.extend({
  operation: z.string().max(200).optional().describe('Name of the job'),
  status: failedOperationSchema.shape.status.optional().describe('How it stands'),
  from: timestampSchema.optional().describe('Failed at this time or later'),
  to: timestampSchema.optional().describe('Failed before this time'),
});

/** The circuit breaker around one thing outside the engine, as the worst of all its processes has it. */
export const breakerSchema = z
  .object({
    /** Kind and name of the thing: `llm:openai`, `channel:ops-slack`, `target:web-1`. */
    name: z.string(),
    state: z.enum(['closed', 'open', 'half_open']),
    /** Why the last call failed; null when none did. */
    reason: z.string().nullable(),
    changed_at: timestampSchema,
    /** When the next call may try; null unless it is open. */
    retry_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Breaker' });
export type BreakerDto = z.infer<typeof breakerSchema>;
export const breakerListQuerySchema = listQuerySchema.extend({
  state: breakerSchema.shape.state.optional().describe('In this state'),
  kind: z.string().max(100).optional().describe('What stands before the colon of the name, such as `llm`'),
});

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptime_seconds: z.number(),
  checks: z.record(
    z.string(),
    z.object({
      status: z.enum(['up', 'degraded', 'down']),
      latency_ms: z.number(),
      detail: z.string().optional(),
    }),
  ),
});
export type HealthDto = z.infer<typeof healthSchema>;
