import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

export const llmProviderKindSchema = z.enum(['anthropic', 'openai', 'openai_compatible', 'ollama', 'google']);
export type LlmProviderKind = z.infer<typeof llmProviderKindSchema>;

export const llmProviderInputSchema = z.strictObject({
  name: z.string().min(1).max(200),
  kind: llmProviderKindSchema,
  model: z.string().min(1).max(200),
  base_url: z.url().nullable().default(null),
  /** Write-only. */
  api_key: z.string().min(1).max(1000).optional(),
  /** Lower numbers are tried first. */
  priority: z.number().int().min(0).max(1000).default(100),
  enabled: z.boolean().default(true),
  timeout_ms: z.number().int().min(100).max(600_000).default(30_000),
});
export type LlmProviderInput = z.infer<typeof llmProviderInputSchema>;

export const llmProviderSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: llmProviderKindSchema,
    model: z.string(),
    base_url: z.string().nullable(),
    /** A `***` form, or null when none is stored. */
    api_key: z.string().nullable(),
    priority: z.number().int(),
    enabled: z.boolean(),
    timeout_ms: z.number().int(),
    breaker: z.enum(['closed', 'open', 'half_open']),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'LlmProvider' });
export type LlmProviderDto = z.infer<typeof llmProviderSchema>;

export const analysisHopSchema = z.object({
  provider: z.string(),
  model: z.string().nullable(),
  outcome: z.enum([
    'ok',
    'timeout',
    'rate_limited',
    'unavailable',
    'malformed',
    'refused',
    'breaker_open',
    'error',
  ]),
  detail: z.string().nullable(),
  duration_ms: z.number().int(),
});
export type AnalysisHop = z.infer<typeof analysisHopSchema>;

export const analysisSchema = z
  .object({
    id: idSchema,
    alert_id: idSchema,
    status: z.enum(['pending', 'running', 'completed', 'failed']),
    /** Name of the provider that answered; `template` when none could. */
    provider: z.string().nullable(),
    model: z.string().nullable(),
    summary: z.string().nullable(),
    root_cause: z.string().nullable(),
    impact: z.string().nullable(),
    /** 0 to 1. */
    confidence: z.number().nullable(),
    evidence: z.array(z.object({ kind: z.string(), text: z.string(), ref: z.string().nullable() })),
    recommended_runbook: z.object({ id: idSchema, name: z.string(), reason: z.string() }).nullable(),
    hops: z.array(analysisHopSchema),
    requested_by: z.string(),
    created_at: timestampSchema,
    completed_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Analysis' });
export type AnalysisDto = z.infer<typeof analysisSchema>;
