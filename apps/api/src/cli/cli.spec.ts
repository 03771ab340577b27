import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedDatabase } from '../testing/test-engine.js';
import type { Command } from './command.js';
import { readArguments } from './read-arguments.js';

/** The built command line: `npm test` builds before it tests. */
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let database: { url: string; drop(): Promise<void> };
let folder: string;
let client: pg.Client;
beforeAll(async () => {
  expect(existsSync(main), 'run `npm run build` first').toBe(true);
  database = await migratedDatabase();
  folder = mkdtempSync(join(tmpdir(), 'aiops-cli-'));
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function aiops(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env['PATH'],
      APP_ENV: 'test',
      DATABASE_URL: database.url,
      AIOPS_DATA_DIR: folder,
      ...env,
    },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const add = (count: number) =>
  client.query(
    `INSERT INTO audit_intake (id, occurred_at, action, outcome, actor_kind, actor_name, subject_kind)
     SELECT gen_random_uuid(), now(), 'rule.created', 'succeeded', 'system', 'AIOps', 'rule'
     FROM generate_series(1, $1::int)`,
    [count],
  );

describe('npm run aiops', () => {
  it('explains itself, and each command', async () => {
    expect(await aiops(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ {2}audit verify +Checks/m) as string,
      err: '',
    });
    const one = await aiops(['audit', 'verify', '--help']);
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining('--anchor') as string });
  });

  it('ends with 64 for what it does not know, and with 78 for a wrong setting, before anything is opened', async () => {
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const unknown = await aiops(['audit', 'erase'], nowhere);
    expect(unknown).toMatchObject({
      code: 64,
      out: '',
      err: expect.stringContaining('no command "audit erase"') as string,
    });
    expect(await aiops(['audit', 'verify', '--anchor', 'x'], nowhere)).toMatchObject({ code: 64 });
    expect(await aiops(['audit', 'verify', '--fast'], nowhere)).toMatchObject({ code: 64 });
    const wrong = await aiops(['audit', 'verify'], { PORT: 'abc' });
    expect(wrong).toMatchObject({ code: 78, out: '', err: expect.stringContaining('PORT') as string });
  });

  it('says in one line that the database is away', async () => {
    const away = await aiops(['audit', 'verify'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(away).toMatchObject({ code: 1, out: '' });
    expect(away.err).toContain('ECONNREFUSED');
  }, 30_000);

  it('verifies the audit log, prints its head, and knows that head again', async () => {
    await add(2_500);
    const whole = await aiops(['audit', 'verify']);
    expect(whole).toMatchObject({ code: 0, err: '' });
    const head = /^Head: (2500:[0-9a-f]{64})$/m.exec(whole.out)?.[1] ?? '';
    await add(1);
    expect(await aiops(['audit', 'verify', '--anchor', head])).toMatchObject({ code: 0 });
    const another = await aiops(['audit', 'verify', '--anchor', `2500:${'0'.repeat(64)}`]);
    expect(another).toMatchObject({
      code: 1,
      out: expect.stringContaining('First bad position: 2500') as string,
    });
  });

  it('ends with 1 and names the first entry that is wrong', async () => {
    await client.query('ALTER TABLE audit_log DISABLE TRIGGER ALL');
    await client.query(`UPDATE audit_log SET actor_name = 'nobody' WHERE position = 1234`);
    expect(await aiops(['audit', 'verify'])).toMatchObject({
      code: 1,
      out: expect.stringMatching(
        /NOT what was written.*1234.*changed.*\nFirst bad position: 1234\n/,
      ) as string,
    });
  });
});

describe('reading what was typed', () => {
  const command: Command = {
    name: 'keys rotate',
    summary: 'Rotates',
    options: { dry: { type: 'boolean' } },
    details: '',
    prepare: (values) => () => Promise.resolve(values['dry'] === true ? 0 : 1),
  };

  it('finds a command by its words and hands it its options', async () => {
    const reading = readArguments(['keys', 'rotate', '--dry'], [command]);
    expect(reading.kind).toBe('run');
    if (reading.kind === 'run') expect(await reading.run({} as never)).toBe(0);
  });

  it.each([[['keys']], [['rotate']], [['keys', 'rotate', 'now']], [['keys', 'rotate', '--dry=1']]])(
    'refuses %j with the usage',
    (args) => {
      expect(readArguments(args, [command])).toMatchObject({
        kind: 'wrong',
        text: expect.stringContaining('Usage: npm run aiops') as string,
      });
    },
  );
});
