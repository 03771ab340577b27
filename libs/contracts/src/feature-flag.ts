import { z } from 'zod';
import { idSchema, timestampSchema } from './common.js';

/** Flags that the engine itself asks; others may be made for what asks them through OpenFeature. */
export const engineFlags = {
  /** Off: rules with the action `auto` ask for approval instead. On while there is no such flag. */
  automaticExecution: 'automatic_execution',
} as const;

export const featureFlagKeySchema = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/, 'Use lower-case words with . _ or - between them')
  .meta({ examples: ['automatic_execution'] });

const settable = {
  description: z.string().max(2000),
  /** Off is off for everybody, whatever the percentage. */
  enabled: z.boolean(),
  /** Of all callers, so many hundredths have it when it is enabled; the same ones every time, and more stay the same. */
  percentage: z.number().int().min(0).max(100),
};

export const featureFlagInputSchema = z.strictObject({
  key: featureFlagKeySchema,
  description: settable.description.default(''),
  enabled: settable.enabled.default(false),
  percentage: settable.percentage.default(100),
});
export type FeatureFlagInput = z.infer<typeof featureFlagInputSchema>;

export const featureFlagUpdateSchema = z.strictObject({
  description: settable.description.optional(),
  enabled: settable.enabled.optional(),
  percentage: settable.percentage.optional(),
  /** The `version` that was seen: when there is a newer one, nothing is changed and the answer is a conflict. */
  version: z.number().int().min(1).optional(),
});
export type FeatureFlagUpdate = z.infer<typeof featureFlagUpdateSchema>;

export const featureFlagSchema = z
  .object({
    id: idSchema,
    key: featureFlagKeySchema,
    ...settable,
    /** Grows by one with every change. */
    version: z.number().int(),
    /** Who changed it last, by name; null for what came with the engine. */
    updated_by: z.string().nullable(),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'FeatureFlag' });
export type FeatureFlagDto = z.infer<typeof featureFlagSchema>;
