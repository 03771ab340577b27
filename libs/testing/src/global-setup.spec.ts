import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase, TEST_DATABASE_VARIABLE, TEST_RUN_VARIABLE } from './postgres.js';
import { until } from './until.js';

interface Run {
  process: ChildProcessByStdio<Writable, Readable, null>;
  url: string;
}

const runs: Run[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.process.kill('SIGKILL');
});

/** A run of tests in a process of its own. */
async function startRun(extra: Record<string, string> = {}): Promise<Run> {
  const script = fileURLToPath(new URL('testing/run.mjs', import.meta.url));
  const env: NodeJS.ProcessEnv = { ...process.env, ...extra };
  delete env[TEST_RUN_VARIABLE];
  if (extra[TEST_DATABASE_VARIABLE] === undefined) delete env[TEST_DATABASE_VARIABLE];
  const child = spawn(process.execPath, ['--conditions=@aiops/source', script], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((heard, fail) => {
    createInterface({ input: child.stdout }).once('line', heard);
    child.once('exit', (code) => fail(new Error(`The run ended with ${code} before it was set up`)));
  });
  const run = { process: child, ...(JSON.parse(line) as { url: string }) };
  runs.push(run);
  return run;
}

async function value(url: string, expression: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(`SELECT ${expression} AS value`)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await value(url, '1')) === 1;
  } catch {
    return false;
  }
}

async function expectNothingLeft(url: string, folder: string): Promise<void> {
  await until(async () => !existsSync(folder) && !(await answers(url)), {
    description: `${folder} and its server to be gone`,
  });
}

describe('the PostgreSQL of a run of tests', () => {
  it('gives up durability for speed', async () => {
    const { url } = await startRun();
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await value(url, `current_setting('${name}')`)).toBe('off');
    }
  });

  it('is gone with its data when the run has ended', async () => {
    const run = await startRun();
    const folder = String(await value(run.url, `current_setting('data_directory')`));
    const ended = new Promise((done) => run.process.once('exit', done));
    run.process.stdin.write('end\n');
    expect(await ended).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(await answers(run.url)).toBe(false);
  });

  it.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGKILL'] as const)(
    'is gone with its data after %s',
    async (signal) => {
      const run = await startRun();
      const folder = String(await value(run.url, `current_setting('data_directory')`));
      run.process.kill(signal);
      await expectNothingLeft(run.url, folder);
    },
  );

  it('may be one of the user, which is left as it was found', async () => {
    const user = await createTestDatabase({ key: 'spec user', prepare: () => Promise.resolve() });
    const run = await startRun({ [TEST_DATABASE_VARIABLE]: user.url });
    expect(run.url).toBe(user.url);
    const ended = new Promise((done) => run.process.once('exit', done));
    run.process.stdin.write('end\n');
    expect(await ended).toBe(0);
    expect(await answers(user.url)).toBe(true);
    await user.drop();
  });
});
