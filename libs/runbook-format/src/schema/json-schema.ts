import { z } from 'zod';
import { runbookSchema } from './runbook.schema.js';

/** JSON Schema (draft 2020-12) of the format, for editors. It knows the shape; what the names mean only `parseRunbook` knows. */
export const runbookJsonSchema: Record<string, unknown> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Runbook',
  description: 'A runbook of the AIOps Remediation Engine.',
  ...z.toJSONSchema(runbookSchema, { target: 'draft-2020-12', io: 'input' }),
};
