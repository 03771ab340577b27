import 'reflect-metadata';
import { join } from 'node:path';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { startEmbeddedPostgres } from '@aiops/embedded-postgres';
import { SigningKeyModule } from '../auth/index.js';
import { AppConfig, CommandLineModule, loadSettings, withDevelopmentKeys } from '../platform/index.js';

export interface OpenApp {
  app: INestApplicationContext;
  close: () => Promise<void>;
}

@Module({})
class CommandLineRoot {}

/**
 * Opens the engine's database as its settings say; an embedded one is shared with a running engine, or started for as
 * long as the command takes. Brings no schema up to date: that is for the engine.
 * @throws ConfigError when a setting is wrong
 */
export async function openApp(env: Record<string, string | undefined>): Promise<OpenApp> {
  const settings = withDevelopmentKeys(await loadSettings(env));
  const database =
    settings.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({ dataDir: join(settings.AIOPS_DATA_DIR, 'postgres') })
      : undefined;
  try {
    const config = new AppConfig(settings, database?.url ?? settings.DATABASE_URL ?? '');
    const imports = [CommandLineModule.forConfig(config), SigningKeyModule];
    const app = await NestFactory.createApplicationContext(
      { module: CommandLineRoot, imports },
      {
        // What goes wrong is said once, by whoever ends the process.
        logger: false,
        abortOnError: false,
      },
    );
    return {
      app,
      close: async () => {
        await app.close();
        await database?.stop();
      },
    };
  } catch (error) {
    await database?.stop();
    throw error;
  }
}
