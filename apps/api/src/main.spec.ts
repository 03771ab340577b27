import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedDatabase } from './testing/test-engine.js';

/** The built engine: `npm test` builds before it tests. */
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let database: { url: string; drop(): Promise<void> };
let dataDir: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  expect(existsSync(main), 'run `npm run build` first').toBe(true);
  database = await migratedDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'aiops-main-'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  url: string;
  output(): string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

function run(settings: Record<string, string> = {}): Omit<Started, 'url'> {
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    AIOPS_DATA_DIR: dataDir,
    ...settings,
  };
  const child = spawn(process.execPath, [main], { env, cwd: dataDir, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => text, ended };
}

async function start(): Promise<Started> {
  const started = run();
  const url = await until(() => /AIOps is ready: (\S+)/.exec(started.output())?.[1], {
    description: `the engine is ready; it said: ${started.output()}`,
  });
  return { ...started, url };
}

const passwordIn = (output: string): string | undefined =>
  /First administrator: admin, password: (\S+) /.exec(output)?.[1];

describe('the process', () => {
  it('makes the first administrator once, with a password that it tells once', async () => {
    const first = await start();
    const password = passwordIn(first.output());
    expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
    const login = await fetch(`${first.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    expect(login.status).toBe(200);
    expect(first.output().split(password ?? '')).toHaveLength(2);
    const { access_token } = (await login.json()) as { access_token: string };
    const headers = { Authorization: `Bearer ${access_token}` };
    const users = await fetch(`${first.url}/api/v1/users`, { headers });
    expect([users.status, await users.text()]).toEqual([
      403,
      expect.stringContaining('password of your own'),
    ]);
    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });

    const second = await start();
    expect(passwordIn(second.output())).toBeUndefined();
    second.child.kill('SIGINT');
    expect(await second.ended).toEqual({ code: 0, signal: null });
  });

  it('says what to do, and nothing of its insides, when the database speaks no TLS (R1.7)', async () => {
    const refused = run({ DATABASE_SSL_MODE: 'require' });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.output()).toMatch(/^The engine cannot start: PostgreSQL at \S+ offers no TLS, [^\n]+\n$/);
  });

  it('ends cleanly while clients keep their connections open', async () => {
    const engine = await start();
    const health = await fetch(`${engine.url}/health/ready`, { headers: { Connection: 'keep-alive' } });
    expect(health.status).toBe(200);
    await health.text();
    const socket = new WebSocket(`${engine.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    engine.child.kill('SIGTERM');
    expect(await engine.ended).toEqual({ code: 0, signal: null });
    expect(engine.output()).not.toMatch(/error/i);
  });
});
