import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startEmbeddedPostgres } from '@aiops/embedded-postgres';
import { createApp } from './create-app.js';
import { AppConfig, Shutdown } from './platform/index.js';
import { loadSettings } from './platform/config/config.load.js';
import { withDevelopmentKeys } from './platform/config/development-keys.js';
import { migrate } from './platform/database/migrate.js';

/** A running engine. */
export interface Engine {
  app: NestFastifyApplication;
  config: AppConfig;
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Drains requests, hands work back and stops the embedded database. */
  stop(): Promise<void>;
}

/**
 * Starts the engine from environment variables: database, migrations, then the application.
 * @throws ConfigError before anything is started when a setting is wrong.
 */
export async function startEngine(env: Record<string, string | undefined>): Promise<Engine> {
  const settings = withDevelopmentKeys(await loadSettings(env));
  // Nothing is heard before the application has its logger: what counts is what happens to PostgreSQL while it runs.
  let say: ((message: string) => void) | undefined;
  const database =
    settings.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({
          dataDir: join(settings.AIOPS_DATA_DIR, 'postgres'),
          log: (message) => say?.(message),
        })
      : undefined;
  try {
    const config = new AppConfig(settings, database?.url ?? settings.DATABASE_URL ?? '');
    await migrate(config.databaseUrl, settings);
    const app = await createApp(config);
    const logger = new Logger('database');
    say = (message) => logger.warn(message);
    await app.listen(settings.PORT, settings.HOST);
    const url = (await app.getUrl()).replace('[::1]', 'localhost');
    return {
      app,
      config,
      url,
      stop: async () => {
        // Closing alone would refuse what balancers still send.
        await app.get(Shutdown).end(() => app.close());
        say = undefined;
        await database?.stop();
      },
    };
  } catch (error) {
    await database?.stop();
    throw error;
  }
}
