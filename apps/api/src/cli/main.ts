import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { CONFIG_EXIT_CODE, ConfigError, messageOf } from '../platform/index.js';
import { exitCodes } from './command.js';
import { commands } from './commands.js';
import { openApp } from './open-app.js';
import { readArguments } from './read-arguments.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`${line}\n`);

const isDevelopment = (process.env['APP_ENV'] ?? 'development') === 'development';
if (isDevelopment && existsSync('.env')) loadEnvFile('.env');

async function main(args: string[]): Promise<number> {
  const reading = readArguments(args, commands);
  if (reading.kind === 'help') {
    process.stdout.write(reading.text);
    return exitCodes.ok;
  }
  if (reading.kind === 'wrong') {
    process.stderr.write(reading.text);
    return exitCodes.usage;
  }
  const { app, close } = await openApp(process.env);
  return reading.run({ app, print, note }).finally(close);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    note(messageOf(error));
    process.exitCode = error instanceof ConfigError ? CONFIG_EXIT_CODE : exitCodes.failed;
  },
);
