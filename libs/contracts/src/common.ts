import { z } from 'zod';

/** UUIDv7, as every id on the wire. */
export const idSchema = z.uuid();

/** RFC 3339 in UTC with milliseconds, e.g. `2026-01-31T12:00:00.000Z`. */
export const timestampSchema = z.iso.datetime();

export const labelsSchema = z.record(z.string(), z.string());
export type Labels = z.infer<typeof labelsSchema>;

export const severitySchema = z.enum(['critical', 'high', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

export const roleSchema = z.enum(['viewer', 'responder', 'engineer', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/**
 * What an API key is for, within its role: sending alerts, reading, running and stopping runbooks, approving, every
 * other change; `api` is all of them but sending alerts, and needed for people and keys.
 */
export const apiKeyScopeSchema = z.enum(['ingest', 'read', 'run', 'approve', 'manage', 'api']);
export type ApiKeyScope = z.infer<typeof apiKeyScopeSchema>;

/** Who did something, as timelines and executions show it. */
export const actorSchema = z.object({
  kind: z.enum(['user', 'api_key', 'rule', 'system']),
  id: z.string().nullable(),
  name: z.string(),
});
export type ActorDto = z.infer<typeof actorSchema>;

/**
 * Query parameters that every list takes: either `page` and `page_size`, or `cursor` and `limit`.
 * Query strings are text, so numbers are coerced.
 */
export const listQuerySchema = z.strictObject({
  page: z.coerce.number().int().min(1).optional().describe('Which page, from 1; with `page_size`'),
  page_size: z.coerce.number().int().min(1).max(200).optional().describe('Items of a page; 20 unless given'),
  cursor: z.string().max(4000).optional().describe('`next_cursor` of the page before, instead of `page`'),
  limit: z.coerce.number().int().min(1).max(200).optional().describe('Items of a page read by cursor'),
  sort: z.string().max(100).optional().describe('A field; `-` before it for descending order'),
  fields: z
    .string()
    .max(1000)
    .optional()
    .describe('Fields of the answer, with commas between; all unless given'),
  q: z.string().max(500).optional().describe('Text to look for'),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** Query parameters of routes that give one resource. */
export const fieldsQuerySchema = listQuerySchema.pick({ fields: true });
export type FieldsQuery = z.infer<typeof fieldsQuerySchema>;

export const paginationSchema = z.object({
  total: z
    .number()
    .int()
    .describe(
      'Counted up to 10,000; beyond that an estimate of the database, and `total_is_estimate` says so',
    ),
  total_is_estimate: z.boolean(),
  next_cursor: z.string().nullable(),
  has_more: z.boolean(),
});

/** The envelope of every list. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), pagination: paginationSchema });
export interface PageDto<T> {
  data: T[];
  pagination: z.infer<typeof paginationSchema>;
}

/** RFC 9457 problem, the body of every error (`application/problem+json`). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  /** `line` and `column` (1-based) where the fault is in a text, such as a runbook. */
  errors: z
    .array(
      z.object({
        field: z.string(),
        message: z.string(),
        line: z.number().int().optional(),
        column: z.number().int().optional(),
      }),
    )
    .optional(),
  trace_id: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Body of every bulk route; ids that name nothing come back as failed. */
export const bulkRequestSchema = z.strictObject({ ids: z.array(z.string()).min(1).max(1000) });
export type BulkRequest = z.infer<typeof bulkRequestSchema>;

/** Answer of every bulk route: part failure never hides. */
export const bulkResultSchema = z.object({
  success: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), error: z.string() })),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;
