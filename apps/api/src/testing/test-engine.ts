import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@aiops/testing';
import { Module, type ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { createApp } from '../create-app.js';
import { AppConfig } from '../platform/index.js';
import { readSettings } from '../platform/config/config.js';
import { migrate } from '../platform/database/migrate.js';

const ssl = { DATABASE_SSL_MODE: 'disable', DATABASE_SSL_CA: undefined } as const;
export const adminPassword = 'correct horse battery';
const keys = {
  ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
};

/** A database of its own with the present schema. */
export function migratedDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return createTestDatabase({
    key: 'api',
    prepare: async (url) => {
      await migrate(url, ssl);
    },
  });
}

export interface ApiAnswer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A whole engine on a database of its own, listening on a free loopback port. */
export interface TestEngine {
  app: NestFastifyApplication;
  config: AppConfig;
  url: string;
  databaseUrl: string;
  /** Access token of the administrator. */
  adminToken: string;
  /** Calls `/api/v1<path>` as the administrator unless told otherwise; `token: null` is anonymous. */
  api<T = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { body?: unknown; token?: string | null; headers?: Record<string, string> },
  ): Promise<ApiAnswer<T>>;
  stop(): Promise<void>;
}

@Module({})
class TestRoot {}

/**
 * Starts the engine for a suite. `settings` are environment variables; with `DATABASE_URL` it joins the database of
 * another test engine, as a replica does: stop both together, since `@Transactional()` belongs to the engine of this
 * process that was started last. `modules` are added to the engine's own.
 */
export async function startTestEngine(
  settings: Record<string, string> = {},
  modules: ModuleMetadata['imports'] = [],
): Promise<TestEngine> {
  const shared = settings['DATABASE_URL'];
  const database =
    shared === undefined ? await migratedDatabase() : { url: shared, drop: () => Promise.resolve() };
  const env = {
    APP_ENV: 'test',
    LOG_LEVEL: 'error',
    PORT: '0',
    ADMIN_PASSWORD: adminPassword,
    // A suite is one caller, and signs in as many people as it likes.
    RATE_LIMIT_LOGIN_PER_MINUTE: '100000',
    RATE_LIMIT_API_PER_MINUTE: '1000000',
    // Its receivers, models and services are all on this machine.
    OUTBOUND_ALLOWED: '127.0.0.0/8, ::1',
    DATABASE_URL: database.url,
    ...keys,
    ...settings,
  };
  const config = new AppConfig(readSettings(env), database.url);
  const app = await createApp(config, {
    module: TestRoot,
    imports: [AppModule.forConfig(config), ...modules],
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const api = apiClient(url, () => adminToken);
  let adminToken = '';
  const login = await api<{ access_token: string }>('POST', '/auth/login', {
    token: null,
    body: { username: 'admin', password: adminPassword },
  });
  adminToken = login.body.access_token;
  const stop = async () => {
    await app.close();
    await database.drop();
  };
  return { app, config, url, databaseUrl: database.url, adminToken, api, stop };
}

/** Calls the API of an engine, with this token unless told otherwise. */
export function apiClient(url: string, adminToken: () => string): TestEngine['api'] {
  return async <T>(
    method: string,
    path: string,
    options: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
  ) => {
    const token = options.token === undefined ? adminToken() : options.token;
    const isText = typeof options.body === 'string';
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(options.body === undefined
          ? {}
          : { 'Content-Type': isText ? 'application/yaml' : 'application/json' }),
        ...options.headers,
      },
      body: isText ? (options.body as string) : JSON.stringify(options.body),
    });
    const text = await response.text();
    const body = (text === '' ? null : JSON.parse(text)) as T;
    return { status: response.status, headers: response.headers, body };
  };
}
