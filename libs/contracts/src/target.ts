import { z } from 'zod';
import { idSchema, labelsSchema, timestampSchema } from './common.js';

export const targetKindSchema = z.enum(['ssh', 'http', 'kubernetes']);
export type TargetKind = z.infer<typeof targetKindSchema>;

export const shellSchema = z.enum(['posix', 'powershell']);
export type Shell = z.infer<typeof shellSchema>;

export const targetInputSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[a-zA-Z0-9._-]+$/, 'Use letters, digits, dots, dashes and underscores'),
  kind: targetKindSchema.default('ssh'),
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535).default(22),
  username: z.string().max(100).nullable().default(null),
  shell: shellSchema.default('posix'),
  labels: labelsSchema.default({}),
  credential_id: idSchema.nullable().default(null),
});
export type TargetInput = z.infer<typeof targetInputSchema>;

export const targetSchema = z
  .object({
    id: idSchema,
    ...targetInputSchema.shape,
    /** Result of the last contact, whether by a test or by a run. */
    reachable: z.boolean().nullable(),
    last_seen_at: timestampSchema.nullable(),
    last_error: z.string().nullable(),
    host_key_status: z.enum(['none', 'pending', 'accepted', 'changed']),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Target' });
export type TargetDto = z.infer<typeof targetSchema>;

export const targetTestResultSchema = z
  .object({
    ok: z.boolean(),
    /** Stages in order; the first failing one explains what to do. */
    stages: z.array(
      z.object({
        name: z.enum(['resolve', 'connect', 'host_key', 'login', 'command']),
        ok: z.boolean(),
        message: z.string(),
        duration_ms: z.number(),
      }),
    ),
  })
  .meta({ id: 'TargetTestResult' });
export type TargetTestResult = z.infer<typeof targetTestResultSchema>;

export const credentialKindSchema = z.enum(['ssh_key', 'password', 'token', 'kubeconfig']);
export const credentialInputSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[a-zA-Z0-9._-]+$/, 'Use letters, digits, dots, dashes and underscores'),
  kind: credentialKindSchema,
  /** Write-only. For `ssh_key` the private key in OpenSSH or PEM form. */
  secret: z.string().min(1).max(65_536),
  /** Write-only, for an encrypted private key. */
  passphrase: z.string().max(1000).optional(),
});
export type CredentialInput = z.infer<typeof credentialInputSchema>;
export const credentialUpdateSchema = credentialInputSchema.partial();

export const credentialSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: credentialKindSchema,
    /** Always a `***` form. */
    secret: z.string(),
    /** For keys: their public fingerprint, so that a person can tell which one it is. */
    fingerprint: z.string().nullable(),
    age_days: z.number().int(),
    last_rotated_at: timestampSchema,
    health: z.enum(['ok', 'stale']),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Credential' });
export type CredentialDto = z.infer<typeof credentialSchema>;

export const credentialRotationInputSchema = credentialInputSchema
  .pick({ secret: true, passphrase: true })
  .extend({
    force: z.boolean().default(false).describe('Put it to use although targets did not take it'),
    reason: z.string().trim().max(500).optional().describe('Why, for the audit log'),
  });
export type CredentialRotationInput = z.infer<typeof credentialRotationInputSchema>;

export const credentialRotationSchema = z
  .object({
    credential: credentialSchema,
    /** What became of the new secret on each target that uses the credential. */
    tests: z.array(
      z.object({ target_id: idSchema, target: z.string(), ok: z.boolean(), message: z.string() }),
    ),
  })
  .meta({ id: 'CredentialRotation' });
export type CredentialRotation = z.infer<typeof credentialRotationSchema>;
