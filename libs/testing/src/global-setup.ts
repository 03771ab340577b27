import { randomBytes } from 'node:crypto';
import { dropRun, TEST_DATABASE_VARIABLE, TEST_RUN_VARIABLE } from './postgres.js';
import { startThrowAwayPostgres } from './throw-away.js';

/**
 * One PostgreSQL for a run of tests, told to the workers by environment variables. It is a throw-away one unless
 * TEST_DATABASE_URL names a server (of a user who may create databases), which is left as it was found.
 * Projects that share a run share it: the first to be set up starts it.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[TEST_RUN_VARIABLE] !== undefined) return () => Promise.resolve();
  const run = randomBytes(4).toString('hex');
  process.env[TEST_RUN_VARIABLE] = run;
  if (process.env[TEST_DATABASE_VARIABLE] !== undefined) {
    return async () => {
      await dropRun(run);
      Reflect.deleteProperty(process.env, TEST_RUN_VARIABLE);
    };
  }
  const postgres = await startThrowAwayPostgres();
  process.env[TEST_DATABASE_VARIABLE] = postgres.url;
  return async () => {
    Reflect.deleteProperty(process.env, TEST_DATABASE_VARIABLE);
    Reflect.deleteProperty(process.env, TEST_RUN_VARIABLE);
    await postgres.remove();
  };
}
