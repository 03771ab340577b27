import { configSchema, type Settings } from './config.schema.js';

/** Exit code of a process that was started with wrong settings (`EX_CONFIG` of sysexits.h). */
export const CONFIG_EXIT_CODE = 78;

/** All that is wrong with the settings, each line naming the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: string[]) {
    super(['The settings are not valid:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

/** The settings in force; injected wherever one is needed. */
export class AppConfig {
  constructor(
    readonly settings: Settings,
    /** Where PostgreSQL is reached, embedded or not. */
    readonly databaseUrl: string,
  ) {}

  get isProduction(): boolean {
    return this.settings.APP_ENV === 'production';
  }
  /** Whether this process answers HTTP and sockets. */
  get servesApi(): boolean {
    return this.settings.AIOPS_ROLE !== 'worker';
  }
  /** Whether this process runs jobs. */
  get runsJobs(): boolean {
    return this.settings.AIOPS_ROLE !== 'api';
  }
}

/**
 * Reads every setting at once.
 * @throws ConfigError with all problems, so that they can be mended in one go.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = configSchema.safeParse(present);
  const problems = result.success
    ? missingForEnvironment(result.data)
    : result.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

function missingForEnvironment(settings: Settings): string[] {
  const problems: string[] = [];
  const generatesKeys = settings.APP_ENV === 'development' || settings.APP_ENV === 'test';
  if (!generatesKeys && settings.JWT_SECRETS.length === 0) {
    problems.push(`JWT_SECRETS: must be set in ${settings.APP_ENV}; keys are generated in development only`);
  }
  if (!generatesKeys && settings.ENCRYPTION_KEYS.length === 0) {
    problems.push(
      `ENCRYPTION_KEYS: must be set in ${settings.APP_ENV}; keys are generated in development only`,
    );
  }
  const duplicate = (ids: string[]) => ids.find((id, index) => ids.indexOf(id) !== index);
  const kid = duplicate(settings.JWT_SECRETS.map((entry) => entry.kid));
  if (kid !== undefined) problems.push(`JWT_SECRETS: the kid "${kid}" stands there twice`);
  const id = duplicate(settings.ENCRYPTION_KEYS.map((entry) => entry.id));
  if (id !== undefined) problems.push(`ENCRYPTION_KEYS: the id "${id}" stands there twice`);
  if (settings.DATABASE_SSL_MODE === 'verify-full' && settings.DATABASE_URL === undefined) {
    problems.push('DATABASE_SSL_MODE: verify-full needs a DATABASE_URL');
  }
  return problems;
}
