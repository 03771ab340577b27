import { z } from 'zod';
import { idSchema, listQuerySchema, timestampSchema } from './common.js';

/** A job that used up its attempts. */
export const failedOperationSchema = z
  .object({
    id: idSchema,
    /** Name of the job, e.g. `notification.deliver`. */
    operation: z.string(),
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
  operation: z.string().optional(),
  status: z.string().optional(),
});

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptime_seconds: z.number(),
  checks: z.record(
    z.string(),
    z.object({ status: z.enum(['up', 'down']), latency_ms: z.number(), detail: z.string().optional() }),
  ),
});
export type HealthDto = z.infer<typeof healthSchema>;
