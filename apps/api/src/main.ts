import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { startEngine } from './engine.js';
import { CONFIG_EXIT_CODE, ConfigError } from './platform/config/config.js';

const isDevelopment = (process.env['APP_ENV'] ?? 'development') === 'development';
if (isDevelopment && existsSync('.env')) loadEnvFile('.env');

async function main(): Promise<void> {
  const engine = await startEngine(process.env);
  process.stdout.write(`AIOps is ready: ${engine.url}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    const forced = setTimeout(() => process.exit(1), engine.config.settings.SHUTDOWN_TIMEOUT_MS + 5_000);
    forced.unref();
    engine.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopped with an error: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(CONFIG_EXIT_CODE);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
