import { z } from 'zod';
import { severitySchema, timestampSchema } from './common.js';

/**
 * Dotted path into a sender's JSON: `event.labels.host`, `events.0.name`. A `.` inside a key is written `\.`;
 * the empty path is the value itself.
 */
const pathSchema = z.string().max(500);
const paths = z.array(pathSchema.min(1)).max(20);

/** Name of a source of generic alerts, as it stands in the URL. */
export const ingestSourceSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-zA-Z0-9._-]+$/, 'Use letters, digits and . _ -');

/** Either the path of an object whose entries are taken as they are, or a path for each name. */
const fieldsSchema = z.union([pathSchema, z.record(z.string().min(1).max(256), pathSchema)]);

/** Where the fields of an alert stand in the JSON that one source sends. A field without a path is guessed. */
export const ingestMappingInputSchema = z.strictObject({
  /** Path of the array of alerts; without it the body is one alert, or an array of them. */
  items: pathSchema.nullable().default(null),
  alert_name: pathSchema.nullable().default(null),
  severity: pathSchema.nullable().default(null),
  status: pathSchema.nullable().default(null),
  labels: fieldsSchema.nullable().default(null),
  annotations: fieldsSchema.nullable().default(null),
  starts_at: pathSchema.nullable().default(null),
  ends_at: pathSchema.nullable().default(null),
  generator_url: pathSchema.nullable().default(null),
  /** What makes two deliveries the same alert; without it the labels do. */
  fingerprint_keys: paths.default([]),
  /** Severities by what the sender calls them, compared without case. */
  severity_map: z.record(z.string(), severitySchema).default({}),
  /** Statuses by what the sender calls them, compared without case. */
  status_map: z.record(z.string(), z.enum(['firing', 'resolved'])).default({}),
  /** Resolves an alert that was not heard of for so long; null: only the sender or a person ends it. */
  resolve_after_seconds: z.number().int().min(1).max(31_536_000).nullable().default(null),
});
export type IngestMappingInput = z.infer<typeof ingestMappingInputSchema>;

export const ingestMappingSchema = z
  .object({
    source: ingestSourceSchema,
    ...ingestMappingInputSchema.shape,
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'IngestMapping' });
export type IngestMappingDto = z.infer<typeof ingestMappingSchema>;
