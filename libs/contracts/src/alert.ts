import { z } from 'zod';
import {
  actorSchema,
  bulkRequestSchema,
  idSchema,
  labelsSchema,
  listQuerySchema,
  severitySchema,
  timestampSchema,
} from './common.js';

export const alertStatusSchema = z.enum(['firing', 'acknowledged', 'resolved', 'suppressed']);
export type AlertStatus = z.infer<typeof alertStatusSchema>;

export const alertSchema = z
  .object({
    id: idSchema,
    /** Alertmanager's: FNV-1a 64 over the sorted labels, 16 hex digits. */
    fingerprint: z.string(),
    source: z.string(),
    alert_name: z.string(),
    severity: severitySchema,
    status: alertStatusSchema,
    labels: labelsSchema,
    annotations: labelsSchema,
    generator_url: z.string().nullable(),
    starts_at: timestampSchema,
    ends_at: timestampSchema.nullable(),
    last_received_at: timestampSchema,
    occurrences: z.number().int(),
    acknowledged_by: z.string().nullable(),
    acknowledged_at: timestampSchema.nullable(),
    resolved_at: timestampSchema.nullable(),
    /** Where remediation stands for this episode, for lists; details are on the timeline. */
    remediation: z
      .enum(['none', 'ignored', 'observed', 'suggested', 'awaiting_approval', 'running', 'fixed', 'failed'])
      .default('none'),
    /** What the sender said beyond the fields above, as it said it. */
    extras: z.record(z.string(), z.unknown()).optional(),
    /** Alerts that the sender left out of the group this one came in; missing or 0 when none. */
    truncated_alerts: z.number().int().optional(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Alert' });
export type AlertDto = z.infer<typeof alertSchema>;

export const alertTimelineEntrySchema = z
  .object({
    id: idSchema,
    alert_id: idSchema,
    at: timestampSchema,
    /** e.g. `fired`, `repeated`, `reopened`, `acknowledged`, `resolved`, `analysed`, `rule_matched`, `execution_started`, `execution_finished`, `note`. */
    kind: z.string(),
    actor: actorSchema,
    /** One sentence for a person. */
    summary: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AlertTimelineEntry' });
export type AlertTimelineEntryDto = z.infer<typeof alertTimelineEntrySchema>;

/** List filters; `label.<name>=value` comes as further parameters, several values are comma-separated. */
export const alertListQuerySchema = listQuerySchema
  .extend({
    status: z
      .string()
      .optional()
      .describe('`firing`, `acknowledged`, `resolved`, `suppressed`; several with commas'),
    severity: z.string().optional().describe('`critical`, `high`, `warning`, `info`; several with commas'),
    source: z.string().optional().describe('Name of a source, such as `alertmanager`; several with commas'),
    alert_name: z.string().optional().describe('Exact name of the alert; several with commas'),
    from: timestampSchema.optional().describe('Started at this time or later'),
    to: timestampSchema.optional().describe('Started before this time'),
  })
  .catchall(z.string());
export type AlertListQuery = z.infer<typeof alertListQuerySchema>;

export const alertActionSchema = z.strictObject({ note: z.string().max(2000).optional() });
export const alertBulkActionSchema = bulkRequestSchema.extend({ note: z.string().max(2000).optional() });

/** Answer of the webhook-style ingestion routes. */
export const ingestResultSchema = z.object({
  received: z.number().int(),
});
