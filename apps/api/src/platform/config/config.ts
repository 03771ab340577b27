import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isForTrying, problemsOf } from './config.rules.js';
import { configSchema, type Settings } from './config.schema.js';
import { generatedKeys } from './development-keys.js';

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
  /** Where traces are sent; null for nowhere. */
  get tracesUrl(): string | null {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: exact } = this.settings;
    if (this.settings.OTEL_SDK_DISABLED) return null;
    return exact ?? (base === undefined ? null : `${base.replace(/\/+$/, '')}/v1/traces`);
  }
}

/** What a look at the environment found: settings that are usable as far as they go, and all that is wrong. */
export interface CheckedSettings {
  settings: Settings;
  /** Each with the name of its variable before the first colon. */
  problems: string[];
}

/**
 * Reads every setting at once.
 * @throws ConfigError with all problems, so that they can be mended in one go.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const { settings, problems } = checkSettings(env);
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

/** The same without throwing. What one wrong variable hides of another is found all the same. */
export function checkSettings(env: Record<string, string | undefined>): CheckedSettings {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
  const result = configSchema.safeParse(present);
  if (result.success) return { settings: result.data, problems: laterProblems(result.data) };
  const problems = result.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  const wrong = new Set(result.error.issues.map((issue) => String(issue.path[0])));
  // Every setting has a default or may be missing, so that the others can be looked at without the wrong ones.
  const rest = configSchema.parse(
    Object.fromEntries(Object.entries(present).filter(([name]) => !wrong.has(name))),
  );
  const more = laterProblems(rest).filter((problem) => !wrong.has(variableOf(problem)));
  return { settings: rest, problems: [...problems, ...more] };
}

/** The variable that a problem is about. */
export function variableOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':'));
}

/** A variable that is empty or blank counts as not set. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

function laterProblems(settings: Settings): string[] {
  const generated = isForTrying(settings) ? [] : generatedKeys(settings.AIOPS_DATA_DIR);
  return [...problemsOf(settings, generated), ...unusableFiles(settings)];
}

/** Settings that name a file of authorities which cannot be used. */
function unusableFiles(settings: Settings): string[] {
  return (['DATABASE_SSL_CA', 'VAULT_CACERT'] as const).flatMap((name) => {
    const file = settings[name];
    if (file === undefined) return [];
    try {
      return flawOfAuthorities(readFileSync(file, 'utf8')).map((flaw) => `${name}: the file ${file} ${flaw}`);
    } catch (error) {
      return [`${name}: the file ${file} cannot be read (${codeOf(error)})`];
    }
  });
}

const certificate = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** Node.js passes over what is no certificate; nobody would then be trusted, and nobody would know why. */
function flawOfAuthorities(pem: string): string[] {
  const blocks = pem.match(certificate);
  if (blocks === null) return ['holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)'];
  return blocks.flatMap((block, index) => {
    try {
      new X509Certificate(block);
      return [];
    } catch {
      return [`holds a certificate (no. ${index + 1}) that is damaged`];
    }
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
