import { z } from 'zod';
import { usernameSchema } from '@aiops/contracts';

const environments = ['development', 'test', 'staging', 'production'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const milliseconds = (fallback: number) => z.coerce.number().int().min(0).default(fallback);

const jwtSecrets = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+:.{32,}$/, 'each must be kid:secret with a secret of 32 characters or more')
      .transform((entry) => {
        const colon = entry.indexOf(':');
        return { kid: entry.slice(0, colon), secret: entry.slice(colon + 1) };
      }),
  ),
);

const encryptionKeys = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+:[A-Za-z0-9+/]{43}=$/, 'each must be id:base64 of 32 bytes')
      .transform((entry) => {
        const colon = entry.indexOf(':');
        return { id: entry.slice(0, colon), key: Buffer.from(entry.slice(colon + 1), 'base64') };
      }),
  ),
);

/** Every setting of the engine, as environment variables; an empty value counts as not set. */
export const configSchema = z.object({
  APP_ENV: z.enum(environments).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  AIOPS_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  AIOPS_DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_SSL_MODE: z.enum(['disable', 'require', 'verify-full']).default('disable'),
  DATABASE_SSL_CA: z.string().optional(),
  JWT_SECRETS: jwtSecrets,
  ENCRYPTION_KEYS: encryptionKeys,
  ADMIN_USERNAME: usernameSchema.default('admin'),
  ADMIN_PASSWORD: z.string().min(12, 'must have 12 characters or more').optional(),
  CORS_ALLOWED_ORIGINS: list.pipe(z.array(z.url())),
  LOG_LEVEL: z.enum(logLevels).optional(),
  /** Address under which people open the app, for links in messages; empty: no links. */
  PUBLIC_URL: z.url().optional(),
  /** Largest request body that is read, in bytes. */
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(5 * 1024 * 1024),
  /** Alertmanager's `resolve_timeout`: an alert without `endsAt` resolves so long after its last delivery. */
  RESOLVE_TIMEOUT_MS: milliseconds(5 * 60_000),
  /** A resolved alert that fires again within this time is the same episode. */
  REOPEN_WINDOW_MS: milliseconds(5 * 60_000),
  /** Alerts waiting to be committed before ingestion answers 503. */
  INGEST_QUEUE_LIMIT: z.coerce.number().int().min(1).default(20_000),
  /** A worker that does not renew its lease for so long is taken for dead. */
  EXECUTION_LEASE_MS: z.coerce.number().int().min(1000).default(15_000),
  /** Executions one worker runs at the same time. */
  EXECUTION_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(25),
  /** Stored output of one execution, in bytes; the rest is cut with a mark. */
  OUTPUT_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(10 * 1024 * 1024),
  /** How long shutdown waits for requests and running work. */
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000),
});

export type Settings = z.infer<typeof configSchema>;
export type Environment = Settings['APP_ENV'];
