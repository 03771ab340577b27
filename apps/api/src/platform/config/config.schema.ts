import { z } from 'zod';
import { usernameSchema } from '@aiops/contracts';
import {
  encryptionKeys,
  integer,
  jwtSecrets,
  milliseconds,
  origins,
  proxies,
  secretPaths,
  settingDocs,
} from './setting.js';

const environments = ['development', 'test', 'staging', 'production'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Every setting of the engine, as environment variables; an empty value counts as not set. `docs/configuration.md` is
 * made from it: `npm run docs:configuration` after a change.
 */
export const configSchema = z.object({
  APP_ENV: z.enum(environments).default('development').register(settingDocs, {
    section: 'Process',
    about: 'What the engine is run for. It decides defaults, and what is refused as insecure.',
  }),
  HOST: z.string().default('127.0.0.1').register(settingDocs, {
    section: 'Process',
    about: 'Address to listen on; `0.0.0.0` for all of them.',
  }),
  PORT: integer(8080, 0, 65535).register(settingDocs, {
    section: 'Process',
    about: 'One port for the API, live updates and the web app; `0` takes a free one.',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Process',
      about: 'Address under which people open the app, for links in messages.',
      otherwise: 'no links',
    }),
  AIOPS_ROLE: z.enum(['all', 'api', 'worker']).default('all').register(settingDocs, {
    section: 'Process',
    about: 'What this process does: HTTP and live updates (`api`), jobs (`worker`), or both (`all`).',
  }),
  AIOPS_DATA_DIR: z.string().default('.data').register(settingDocs, {
    section: 'Process',
    about: 'Folder of the embedded PostgreSQL and of generated development keys.',
  }),
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000).register(settingDocs, {
    section: 'Process',
    about: 'How long a stop waits for requests and running work.',
    unit: 'ms',
  }),

  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Database',
      about:
        'PostgreSQL 15 or newer. TLS is said in `DATABASE_SSL_MODE`, never in this address: its `sslmode` and other `ssl…` parameters are refused.',
      form: '`postgresql://user:password@host:port/database`',
      otherwise: 'an embedded PostgreSQL in `AIOPS_DATA_DIR`',
      secret: 'one',
    }),
  DATABASE_SSL_MODE: z.enum(['disable', 'require', 'verify-full']).default('disable').register(settingDocs, {
    section: 'Database',
    about:
      'TLS to PostgreSQL. `require` encrypts, `verify-full` also checks the certificate and its name. Production refuses `disable` unless the server is on this very machine.',
  }),
  DATABASE_SSL_CA: z.string().optional().register(settingDocs, {
    section: 'Database',
    about: 'PEM file with the authorities that may have signed the server’s certificate.',
    form: 'path of a file',
    otherwise: 'those that Node.js trusts',
  }),

  JWT_SECRETS: jwtSecrets.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Keys that sign access tokens. New tokens are signed by the first one, tokens of the others are accepted until you take them out.',
    form: 'comma list of `kid:secret`, newest first, each secret 32 characters or more',
    otherwise: 'generated in development and test; required in staging and production',
    secret: 'several',
  }),
  ENCRYPTION_KEYS: encryptionKeys.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Keys that encrypt stored secrets (AES-256-GCM). The first one encrypts; keep the others until nothing is stored under them.',
    form: 'comma list of `id:key`, newest first, each key 32 bytes in base64 (`openssl rand -base64 32`)',
    otherwise: 'generated in development and test; required in staging and production',
    secret: 'several',
  }),
  ADMIN_USERNAME: usernameSchema.default('admin').register(settingDocs, {
    section: 'Keys and access',
    about: 'The first administrator, made when there is no user yet.',
    form: 'a user name',
  }),
  ADMIN_PASSWORD: z.string().min(12, 'must have 12 characters or more').optional().register(settingDocs, {
    section: 'Keys and access',
    about: 'Password of the first administrator.',
    form: '12 characters or more',
    otherwise: 'generated, and printed once',
    secret: 'one',
  }),
  CORS_ALLOWED_ORIGINS: origins.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Other origins whose pages may call the API with credentials. `*` allows every one; staging and production refuse it.',
    form: 'comma list of origins such as `https://app.example.com`',
    otherwise: 'the app’s own origin alone',
  }),

  SECRETS_BACKEND: z.enum(['env', 'vault', 'aws']).default('env').register(settingDocs, {
    section: 'Secrets backends',
    about: 'Where references lead besides `env:`: to Vault (`vault:`) or to AWS Secrets Manager (`aws:`).',
  }),
  SECRETS_CACHE_TTL_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How long a fetched secret is used before it is fetched anew.',
    unit: 'ms',
  }),
  SECRETS_STALE_MS: milliseconds(3_600_000).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How much longer it is used while the backend is away; `0` for not at all.',
    unit: 'ms',
  }),
  SECRETS_TIMEOUT_MS: milliseconds(5000, 100).register(settingDocs, {
    section: 'Secrets backends',
    about: 'How long one call of the backend may take.',
    unit: 'ms',
  }),
  CREDENTIAL_SECRET_PATHS: secretPaths.register(settingDocs, {
    section: 'Secrets backends',
    about:
      'What credentials, which engineers write, may refer to. An entry that ends in `*` gives everything free that begins like it. Keep the engine’s own secrets out of it.',
    form: 'comma list such as `vault:secret/data/hosts/*, env:HOST_PASSWORD`',
    otherwise: 'nothing',
  }),
  VAULT_ADDR: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Address of Vault or OpenBao. Production refuses `http:` unless it is on this very machine.',
      otherwise: 'required for `vault`',
    }),
  VAULT_NAMESPACE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Namespace of Vault Enterprise.',
  }),
  VAULT_CACERT: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'PEM file with the authorities that may have signed Vault’s certificate.',
    form: 'path of a file',
    otherwise: 'those that Node.js trusts',
  }),
  VAULT_AUTH: z.enum(['token', 'kubernetes']).default('token').register(settingDocs, {
    section: 'Secrets backends',
    about: 'How the engine logs in to Vault.',
  }),
  VAULT_TOKEN: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Token for `VAULT_AUTH=token`. The engine does not renew it.',
    secret: 'no reference',
  }),
  VAULT_TOKEN_FILE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about:
      'The same in a file, such as a Vault Agent keeps; it is read anew when Vault does not take the token any more.',
    form: 'path of a file',
  }),
  VAULT_KUBERNETES_ROLE: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about: 'Role of the Kubernetes auth method.',
    otherwise: 'required for `kubernetes`',
  }),
  VAULT_KUBERNETES_MOUNT: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be the path of an auth method, such as kubernetes')
    .default('kubernetes')
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Path under `auth/` where the Kubernetes auth method is mounted.',
    }),
  VAULT_KUBERNETES_TOKEN_FILE: z
    .string()
    .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
    .register(settingDocs, {
      section: 'Secrets backends',
      about: 'Token of the service account; it is read anew for every login.',
      form: 'path of a file',
    }),
  AWS_REGION: z.string().optional().register(settingDocs, {
    section: 'Secrets backends',
    about:
      'Region of AWS Secrets Manager. Who the engine is comes from the usual chain of the AWS SDK: environment, shared files, web identity, container, instance.',
    otherwise: 'required for `aws`',
  }),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Secrets backends',
      about:
        'Another endpoint, such as a VPC’s. Production refuses `http:` unless it is on this very machine.',
      otherwise: 'that of the region',
    }),

  RESOLVE_TIMEOUT_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Alerts',
    about:
      'An alert without an end resolves so long after its last delivery (Alertmanager’s `resolve_timeout`).',
    unit: 'ms',
  }),
  REOPEN_WINDOW_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Alerts',
    about: 'A resolved alert that fires again within this time is the same episode.',
    unit: 'ms',
  }),

  EXECUTION_LEASE_MS: milliseconds(15_000, 1000).register(settingDocs, {
    section: 'Executions',
    about: 'A worker that does not renew its lease for so long is taken for dead.',
    unit: 'ms',
  }),
  EXECUTION_CONCURRENCY: integer(25, 1, 500).register(settingDocs, {
    section: 'Executions',
    about: 'Executions that one worker runs at the same time.',
  }),
  OUTPUT_LIMIT_BYTES: integer(10 * 1024 * 1024, 1024).register(settingDocs, {
    section: 'Executions',
    about: 'Stored output of one execution; the rest is cut, with a mark.',
    unit: 'bytes',
  }),

  RETRY_ATTEMPTS: integer(3, 1, 10).register(settingDocs, {
    section: 'Resilience',
    about:
      'Attempts of a call to something outside (a secrets backend, a model, the connection to a target), the first included. Only what is safe to repeat is repeated: a command never is.',
  }),
  RETRY_BASE_MS: milliseconds(200, 1).register(settingDocs, {
    section: 'Resilience',
    about:
      'Longest pause after the first attempt; it doubles with each one. The pause is drawn by chance from nothing up to that.',
    unit: 'ms',
  }),
  RETRY_MAX_MS: milliseconds(5000, 1).register(settingDocs, {
    section: 'Resilience',
    about: 'Longest pause of all. Who asks for more in `Retry-After` is not asked again in the same call.',
    unit: 'ms',
  }),
  BREAKER_CALLS: integer(3, 1, 1000).register(settingDocs, {
    section: 'Resilience',
    about:
      'Calls within a minute from which on a circuit breaker judges: it opens when more than half of them failed.',
  }),
  BREAKER_RESET_MS: milliseconds(30_000, 100).register(settingDocs, {
    section: 'Resilience',
    about: 'How long an open circuit breaker lets no call through before it lets one try.',
    unit: 'ms',
  }),

  BODY_LIMIT_BYTES: integer(5 * 1024 * 1024, 1024).register(settingDocs, {
    section: 'Limits',
    about: 'Largest request body that is read; larger ones are answered with 413.',
    unit: 'bytes',
  }),
  INGEST_QUEUE_LIMIT: integer(20_000, 1).register(settingDocs, {
    section: 'Limits',
    about: 'Alerts that may wait for their commit before senders are answered with 503.',
  }),
  RATE_LIMIT_API_PER_MINUTE: integer(3000, 0).register(settingDocs, {
    section: 'Limits',
    about:
      'Requests to the API in a minute by each user or API key, and by each address whose requests come from neither; `0` for no limit. All limits are counted by each process for itself.',
  }),
  RATE_LIMIT_INGEST_PER_MINUTE: integer(1_200_000, 0).register(settingDocs, {
    section: 'Limits',
    about: 'The same for deliveries of senders to `/api/v1/ingest`, whatever number of alerts is in each.',
  }),
  RATE_LIMIT_LOGIN_PER_MINUTE: integer(20, 0).register(settingDocs, {
    section: 'Limits',
    about:
      'Attempts to sign in by each address in a minute; five times as many by all addresses together under one user name. `0` for no limit.',
  }),
  TRUSTED_PROXIES: proxies.register(settingDocs, {
    section: 'Limits',
    about:
      'Proxies that say in `X-Forwarded-For` from where a request comes (and in `X-Forwarded-Proto` and `X-Forwarded-Host` how). From others these headers are not believed.',
    form: 'comma list of addresses and networks such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`',
    otherwise: 'none: the address is that of the connection',
  }),

  LOG_LEVEL: z.enum(logLevels).optional().register(settingDocs, {
    section: 'Observability',
    about: 'The least severe event that is logged.',
    otherwise: '`warn` in test, `info` elsewhere',
  }),
  METRICS_TOKEN: z.string().min(16, 'must have 16 characters or more').optional().register(settingDocs, {
    section: 'Observability',
    about: 'Bearer token that whoever reads `/metrics` has to send.',
    form: '16 characters or more',
    otherwise: 'none: whoever reaches the port may read them',
    secret: 'one',
  }),
});

export type Settings = z.infer<typeof configSchema>;
export type Environment = Settings['APP_ENV'];
