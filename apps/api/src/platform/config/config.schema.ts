import { z } from 'zod';
import { accessSettings } from './settings/access.js';
import { databaseSettings } from './settings/database.js';
import { limitSettings } from './settings/limits.js';
import { observabilitySettings } from './settings/observability.js';
import { outboundSettings } from './settings/outbound.js';
import { processSettings } from './settings/process.js';
import { resilienceSettings } from './settings/resilience.js';
import { secondFactorSettings } from './settings/second-factors.js';
import { secretsSettings } from './settings/secrets.js';
import { sessionSettings } from './settings/sessions.js';
import { signInSettings } from './settings/sign-in.js';
import { tracingSettings } from './settings/tracing.js';
import { workSettings } from './settings/work.js';

/**
 * Every setting of the engine, as environment variables; an empty value counts as not set. `docs/configuration.md` is
 * made from it: `npm run docs:configuration` after a change.
 */
export const configSchema = z.object({
  ...processSettings,
  ...databaseSettings,
  ...accessSettings,
  ...sessionSettings,
  ...signInSettings,
  ...secondFactorSettings,
  ...secretsSettings,
  ...workSettings,
  ...resilienceSettings,
  ...outboundSettings,
  ...limitSettings,
  ...observabilitySettings,
  ...tracingSettings,
});

export type Settings = z.infer<typeof configSchema>;
export type Environment = Settings['APP_ENV'];
