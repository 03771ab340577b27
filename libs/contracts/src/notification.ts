import { z } from 'zod';
import { idSchema, listQuerySchema, severitySchema, timestampSchema } from './common.js';

export const channelKindSchema = z.enum(['slack', 'email', 'pagerduty', 'webhook', 'teams']);
export type ChannelKind = z.infer<typeof channelKindSchema>;

/** What each kind of channel needs; secrets in it are write-only and come back as `***`. */
export const channelConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), webhook_url: z.url() }),
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url(),
    signing_secret: z.string().min(16).max(500).optional(),
  }),
  z.strictObject({
    kind: z.literal('email'),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65535).default(587),
    /** `starttls` fails when the server cannot do TLS; `none` is for a relay on loopback. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    username: z.string().optional(),
    password: z.string().optional(),
    from: z.email(),
    to: z.array(z.email()).min(1).max(50),
  }),
]);
export type ChannelConfig = z.infer<typeof channelConfigSchema>;

export const channelInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  enabled: z.boolean().default(true),
  config: channelConfigSchema,
});
export type ChannelInput = z.infer<typeof channelInputSchema>;

/** As `channelInputSchema`; a secret that is `***` or left out keeps its stored value, so it is checked after merging. */
export const channelReplaceSchema = z.strictObject({
  name: z.string().min(1).max(200),
  enabled: z.boolean().default(true),
  config: z.record(z.string(), z.unknown()),
});

export const channelTestResultSchema = z.object({ ok: z.boolean(), detail: z.string() });
export type ChannelTestResult = z.infer<typeof channelTestResultSchema>;

export const channelSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: channelKindSchema,
    enabled: z.boolean(),
    config: z.record(z.string(), z.unknown()),
    breaker: z.enum(['closed', 'open', 'half_open']),
    last_delivery_at: timestampSchema.nullable(),
    last_error: z.string().nullable(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'NotificationChannel' });
export type ChannelDto = z.infer<typeof channelSchema>;

export const notificationEventSchema = z.enum([
  'alert.fired',
  'alert.acknowledged',
  'alert.resolved',
  'execution.approval_requested',
  'execution.succeeded',
  'execution.failed',
  'execution.needs_attention',
  'host_key.changed',
]);
export type NotificationEvent = z.infer<typeof notificationEventSchema>;

export const policyInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  enabled: z.boolean().default(true),
  /** Empty means every severity. */
  severities: z.array(severitySchema).default([]),
  events: z.array(notificationEventSchema).min(1),
  channel_ids: z.array(idSchema).min(1).max(50),
});
export type PolicyInput = z.infer<typeof policyInputSchema>;
export const policySchema = z
  .object({
    id: idSchema,
    ...policyInputSchema.shape,
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'NotificationPolicy' });
export type PolicyDto = z.infer<typeof policySchema>;

export const notificationSchema = z
  .object({
    id: idSchema,
    channel_id: idSchema,
    channel_name: z.string(),
    event: z.string(),
    subject: z.string(),
    alert_id: idSchema.nullable(),
    execution_id: idSchema.nullable(),
    status: z.enum(['pending', 'delivered', 'retrying', 'failed']),
    attempts: z.number().int(),
    last_error: z.string().nullable(),
    created_at: timestampSchema,
    delivered_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Notification' });
export type NotificationDto = z.infer<typeof notificationSchema>;

export const notificationListQuerySchema = listQuerySchema.extend({
  status: z.string().optional().describe('`pending`, `delivered`, `retrying`, `failed`; several with commas'),
  channel_id: idSchema.optional().describe('Over this channel'),
  alert_id: idSchema.optional().describe('About this alert'),
});
