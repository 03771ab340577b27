import { z } from 'zod';
import { actorSchema, idSchema, listQuerySchema, timestampSchema } from './common.js';

/**
 * What the audit log knows of: kinds of subjects, and what may happen to each. An action is written
 * `target.updated`. The set is closed: what is not here cannot be recorded, so that a search by action finds all.
 */
export const auditVocabulary = {
  alert: ['acknowledged', 'unacknowledged', 'resolved', 'deleted', 'analysis_requested'],
  api_key: ['created', 'updated', 'removed', 'rotated'],
  audit_log: ['exported'],
  credential: ['created', 'updated', 'removed', 'revealed', 'rotated'],
  encryption_key: ['rewrapped'],
  execution: ['requested', 'approved', 'rejected', 'cancel_requested', 'resumed'],
  failed_operation: ['retried', 'discarded'],
  feature_flag: ['created', 'updated', 'removed'],
  host_key: ['accepted', 'pinned', 'revoked'],
  ingest_mapping: ['stored', 'removed'],
  invitation: ['created', 'resent', 'revoked', 'accepted'],
  known_host_rule: ['created', 'removed'],
  llm_provider: ['created', 'updated', 'removed', 'tested', 'revealed'],
  notification_channel: ['created', 'updated', 'removed', 'tested', 'revealed'],
  notification_policy: ['created', 'updated', 'removed'],
  route: ['refused'],
  rule: ['created', 'updated', 'removed'],
  runbook: ['created', 'updated', 'removed', 'enabled', 'disabled', 'access_changed'],
  session: ['ended', 'token_reused'],
  signing_key: ['created', 'retired'],
  target: ['created', 'updated', 'removed', 'tested'],
  user: [
    'created',
    'updated',
    'removed',
    'signed_in',
    'sign_in_failed',
    'identity_linked',
    'password_changed',
    'factor_added',
    'factor_removed',
    'factors_reset',
    'recovery_codes_made',
    'recovery_code_used',
  ],
} as const;

type Vocabulary = typeof auditVocabulary;
export type AuditSubjectKind = keyof Vocabulary;
/** The actions that can happen to a kind of subject: `'rule.created' | 'rule.updated' | …`. */
export type AuditActionOf<K extends AuditSubjectKind> = `${K}.${Vocabulary[K][number]}`;
export type AuditAction = { [K in AuditSubjectKind]: AuditActionOf<K> }[AuditSubjectKind];

export const auditSubjectKinds = Object.keys(auditVocabulary) as AuditSubjectKind[];
export const auditActions = Object.entries(auditVocabulary).flatMap(([kind, verbs]) =>
  verbs.map((verb) => `${kind}.${verb}`),
) as AuditAction[];

/** `failed`: tried and not done, such as a sign-in. `refused`: the right to do it was missing. */
export const auditOutcomeSchema = z.enum(['succeeded', 'failed', 'refused']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

export const auditActionSchema = z.enum(auditActions);
export const auditSubjectKindSchema = z.enum(auditSubjectKinds);

const recordedValuesSchema = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe('What changed and may be recorded; a secret is `***`');

/** Who did what to what, when and from where. */
export const auditEntrySchema = z
  .object({
    id: idSchema,
    /** Place in the chain, from 1 and without a gap. */
    position: z.number().int(),
    occurred_at: timestampSchema,
    action: auditActionSchema,
    outcome: auditOutcomeSchema,
    actor: actorSchema.extend({
      kind: z.enum([...actorSchema.shape.kind.options, 'anonymous']),
    }),
    subject: z.object({
      kind: auditSubjectKindSchema,
      id: z.string().nullable(),
      /** As it was called at that time. */
      name: z.string().nullable(),
    }),
    /** Why, in the words of whoever did it. */
    reason: z.string().nullable(),
    before: recordedValuesSchema,
    after: recordedValuesSchema,
    remote_address: z.string().nullable(),
    user_agent: z.string().nullable(),
    trace_id: z.string().nullable(),
    /** SHA-256 of the entry before, 64 zeros for the first. */
    previous_hash: z.string(),
    /** SHA-256 over the content of this entry and `previous_hash`. */
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryDto = z.infer<typeof auditEntrySchema>;

const filters = {
  actor: z.string().max(200).optional().describe('Id or name of who acted'),
  action: auditActionSchema.optional().describe('What was done'),
  outcome: auditOutcomeSchema.optional().describe('What came of it'),
  subject_kind: auditSubjectKindSchema.optional().describe('Kind of what it was done to'),
  subject_id: z.string().max(200).optional().describe('Id of what it was done to'),
  trace_id: z.string().max(64).optional().describe('Trace of the request that did it'),
  from: timestampSchema.optional().describe('At this time or later'),
  to: timestampSchema.optional().describe('Before this time'),
};

export const auditLogListQuerySchema = listQuerySchema.extend(filters);
export type AuditLogListQuery = z.infer<typeof auditLogListQuerySchema>;

export const auditExportFormatSchema = z.enum(['csv', 'jsonl']);
export type AuditExportFormat = z.infer<typeof auditExportFormatSchema>;
export const auditExportQuerySchema = listQuerySchema
  .pick({ q: true })
  .extend({ ...filters, format: auditExportFormatSchema.default('csv').describe('Of the file') });
export type AuditExportQuery = z.infer<typeof auditExportQuerySchema>;
export type AuditLogFilter = Omit<AuditExportQuery, 'format'>;

/** Whether the chain of hashes holds. */
export const auditVerificationSchema = z
  .object({
    valid: z.boolean(),
    /** The newest entry up to which all is right, 0 when there is none, and its hash: what may be kept elsewhere. */
    position: z.number().int(),
    hash: z.string(),
    /** The first thing that is wrong. */
    problem: z.object({ position: z.number().int(), message: z.string() }).nullable(),
    checked_at: timestampSchema,
    duration_ms: z.number(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerificationDto = z.infer<typeof auditVerificationSchema>;
