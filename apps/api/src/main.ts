import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { startEngine } from './engine.js';
import { CONFIG_EXIT_CODE, ConfigError } from './platform/config/config.js';
import { loadSettings } from './platform/config/config.load.js';
import { OperationalError } from './platform/errors/errors.js';
import { stopOnSignals } from './stop-on-signals.js';

/** Exit code of a process that was called with arguments it does not know (`EX_USAGE` of sysexits.h). */
const USAGE_EXIT_CODE = 64;

const usage = `Usage: npm start [-- --check-config]

  --check-config  checks the settings and the secrets they refer to, starts nothing and ends:
                  0 when they are valid, else ${CONFIG_EXIT_CODE}
  --help          shows this

Settings are environment variables: see docs/configuration.md.
`;

const isDevelopment = (process.env['APP_ENV'] ?? 'development') === 'development';
if (isDevelopment && existsSync('.env')) loadEnvFile('.env');

async function main(args: string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== '--check-config' && arg !== '--help');
  if (unknown !== undefined) {
    process.stderr.write(`Unknown argument: ${unknown}\n\n${usage}`);
    process.exitCode = USAGE_EXIT_CODE;
  } else if (args.includes('--help')) {
    process.stdout.write(usage);
  } else if (args.includes('--check-config')) {
    const settings = await loadSettings(process.env);
    process.stdout.write(`The settings are valid for ${settings.APP_ENV}.\n`);
  } else {
    await start();
  }
}

async function start(): Promise<void> {
  const starting = startEngine(process.env);
  stopOnSignals(starting);
  process.stdout.write(`AIOps is ready: ${(await starting).url}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(CONFIG_EXIT_CODE);
  }
  // What is the surroundings' fault says what to do; where it was noticed helps nobody.
  if (error instanceof OperationalError) {
    process.stderr.write(`The engine cannot start: ${error.message}\n`);
    process.exit(1);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
