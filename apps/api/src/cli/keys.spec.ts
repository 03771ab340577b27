import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { LoginResponse } from '@aiops/contracts';
import { until } from '@aiops/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLineEvents } from '../platform/events/command-line-events.service.js';
import { HandlerRegistry } from '../platform/jobs/handler.registry.js';
import { adminPassword, startTestEngine, type TestEngine } from '../testing/test-engine.js';

/** The built command line: `npm test` builds before it tests. */
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ENCRYPTION_KEYS = `test:${randomBytes(32).toString('base64')}`;

let engine: TestEngine;
let sql: pg.Client;

beforeAll(async () => {
  engine = await startTestEngine({ ENCRYPTION_KEYS });
  sql = new pg.Client({ connectionString: engine.databaseUrl });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await engine.stop();
});

function keys(args: string[], env: Record<string, string> = {}) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [main, 'keys', ...args], {
    env: { PATH, APP_ENV: 'test', DATABASE_URL: engine.databaseUrl, ENCRYPTION_KEYS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  );
}

async function signIn(): Promise<string> {
  const body = { username: 'admin', password: adminPassword };
  return (await engine.api<LoginResponse>('POST', '/auth/login', { token: null, body })).body.access_token;
}
const statusOf = async (token: string): Promise<number> =>
  (await engine.api('GET', '/auth/me', { token })).status;
const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
const untilSigned = async (kid: string): Promise<string> => {
  let token = '';
  await until(async () => kidOf((token = await signIn())) === kid, {
    description: 'the running engine to sign with the new key',
  });
  return token;
};

describe('npm run aiops -- keys (R1.1)', () => {
  it('rotates beside a running engine, which signs with the new key at once and takes the old one’s tokens', async () => {
    const old = await signIn();
    const rotated = await keys(['rotate']);
    expect(rotated).toMatchObject({ code: 0, err: '' });
    const kid = /^(\S+) signs from now on\.$/m.exec(rotated.out)?.[1] ?? '';
    const fresh = await untilSigned(kid);
    expect(await statusOf(old)).toBe(200);
    expect(await statusOf(fresh)).toBe(200);
    const { rows } = await sql.query<{ actor_name: string }>(
      `SELECT actor_name FROM audit_intake WHERE action = 'signing_key.created' AND subject_id = $1
       UNION ALL SELECT actor_name FROM audit_log WHERE action = 'signing_key.created' AND subject_id = $1`,
      [kid],
    );
    expect(rows.map(({ actor_name: name }) => name)).toEqual([expect.stringMatching(/ \(command line\)$/)]);
  });

  it('lists the keys, and ends one with all its tokens', async () => {
    const token = await signIn();
    const kid = kidOf(token);
    const listed = (await keys(['list'])).out.split('\n');
    expect(listed[0]).toMatch(/^KEY +FROM +STATE +MADE +ACCEPTED UNTIL$/);
    expect(listed.filter((line) => / database +signs /.test(line))).toEqual([
      expect.stringContaining(kid) as string,
    ]);
    expect(listed.some((line) => / database +accepted .*Z$/.test(line))).toBe(true);
    expect(await keys(['retire', '--kid', kid])).toMatchObject({ code: 0, err: '' });
    await until(async () => (await statusOf(token)) === 401, { description: 'the engine to hear' });
    expect((await keys(['list'])).out).not.toContain(kid);
    expect(await keys(['retire', '--kid', kid])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no signing key') as string,
    });
    expect(await keys(['retire'])).toMatchObject({ code: 64 });
  });

  it('says so where JWT_SECRETS says what signs', async () => {
    const configured = { JWT_SECRETS: `from-settings:${'s'.repeat(40)}` };
    expect(await keys(['rotate'], configured)).toMatchObject({
      code: 1,
      err: expect.stringContaining('JWT_SECRETS says which key signs') as string,
    });
    expect((await keys(['list'], configured)).out).toMatch(/^from-settings +JWT_SECRETS +signs/m);
  });

  it('tells engines of nothing that one of them would have to store', () => {
    const { listeners } = engine.app.get(HandlerRegistry, { strict: false });
    expect(listeners.length).toBeGreaterThan(0);
    expect(listeners.filter(({ event }) => commandLineEvents.includes(event))).toEqual([]);
  });
});
