import { z } from 'zod';
import { actorSchema, idSchema, severitySchema, timestampSchema } from './common.js';
import { executionStatusSchema } from './execution.js';

/**
 * Domain events: ids and facts, never entities. The name carries a version; a payload changes by a new
 * version, never in place. Each is stored with the change that it reports, in one transaction.
 */
const alertChangeSchema = z.object({
  alert_id: idSchema,
  kind: z.enum([
    'opened',
    'reopened',
    'repeated',
    'updated',
    'acknowledged',
    'resolved',
    'suppressed',
    'deleted',
  ]),
  /** The sender's place in its trace (W3C), where the commit holds alerts of several senders. */
  traceparent: z.string().max(64).optional(),
});
export type AlertChange = z.infer<typeof alertChangeSchema>;

export const domainEvents = {
  /** All alert changes of one commit together: ingestion commits many alerts at once. */
  'alert.changed.v1': z.object({ changes: z.array(alertChangeSchema).min(1) }),
  /** Any stored transition of an execution, its steps included. */
  'execution.changed.v1': z.object({
    execution_id: idSchema,
    alert_id: idSchema.nullable(),
    runbook_id: idSchema,
    status: executionStatusSchema,
    /** Null when only a step changed. */
    previous_status: executionStatusSchema.nullable(),
  }),
  'execution.approval_requested.v1': z.object({
    execution_id: idSchema,
    alert_id: idSchema.nullable(),
    runbook_id: idSchema,
    expires_at: timestampSchema.nullable(),
    /** Set when one step waits and not the whole plan. */
    step_index: z.number().int().nullable(),
  }),
  /** New output was stored; live only, nobody listens to it durably. */
  'execution.output.v1': z.object({
    execution_id: idSchema,
    first_offset: z.number().int(),
    last_offset: z.number().int(),
  }),
  'analysis.changed.v1': z.object({
    analysis_id: idSchema,
    alert_id: idSchema,
    status: z.enum(['pending', 'running', 'completed', 'failed']),
  }),
  'remediation.decided.v1': z.object({
    alert_id: idSchema,
    rule_id: idSchema.nullable(),
    action: z.enum(['ignore', 'observe', 'suggest', 'approve', 'auto', 'none']),
    runbook_id: idSchema.nullable(),
    execution_id: idSchema.nullable(),
  }),
  /** A target was made, changed, removed, became reachable or ceased to be, or its host keys are judged otherwise. */
  'target.changed.v1': z.object({ target_id: idSchema }),
  'host_key.pending.v1': z.object({ target_id: idSchema, target_name: z.string(), fingerprint: z.string() }),
  'host_key.changed.v1': z.object({
    target_id: idSchema,
    target_name: z.string(),
    known_fingerprint: z.string(),
    seen_fingerprint: z.string(),
  }),
  /** Whether people have to be alarmed about the host key of a target, or a person has judged it. */
  'host_key.alarm.v1': z.discriminatedUnion('state', [
    z.object({
      state: z.literal('raised'),
      target_id: idSchema,
      target_name: z.string(),
      reason: z.enum(['changed', 'revoked']),
      /** Of the keys that are trusted there; none when there was only the revoked one. */
      known_fingerprints: z.array(z.string()),
      seen_fingerprint: z.string(),
    }),
    z.object({
      state: z.literal('cleared'),
      target_id: idSchema,
      target_name: z.string(),
      actor: actorSchema,
      /** What was done, after "admin: ". */
      summary: z.string(),
    }),
  ]),
  'notification.failed.v1': z.object({
    notification_id: idSchema,
    channel_id: idSchema,
    event: z.string(),
    severity: severitySchema.nullable(),
    error: z.string(),
  }),
  /**
   * Somebody's access ended or changed: a user was disabled, removed, given a password or another role, a key was revoked, a
   * session ended.
   */
  'access.changed.v1': z.object({ kind: z.enum(['user', 'api_key', 'session']), id: idSchema }),
  /** More was proved in a session than when it began: it may do what it could not. */
  'session.strengthened.v1': z.object({ id: idSchema }),
  /** Keys that sign access tokens were made or retired: every process reads them anew. */
  'signing_key.changed.v1': z.object({ kid: z.string() }),
  /** A flag was made, changed or removed: every process reads them anew. */
  'feature_flag.changed.v1': z.object({ key: z.string() }),
  'breaker.changed.v1': z.object({
    /** e.g. `llm:openai`, `channel:ops-slack`, `runbook:restart-service`. */
    name: z.string(),
    state: z.enum(['closed', 'open', 'half_open']),
    actor: actorSchema.optional(),
  }),
} as const;

export type DomainEventName = keyof typeof domainEvents;
export type DomainEventPayload<N extends DomainEventName> = z.infer<(typeof domainEvents)[N]>;
