import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@aiops/embedded-postgres';
import { freePort, until } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngineProcess, type EngineProcess } from '../../testing/engine-process.js';
import { apiClient, type TestEngine } from '../../testing/test-engine.js';

const AWAY_MS = 30_000;
const SENDERS = 8;
const PASSWORD = 'correct horse battery';

let folder: string;
let port: number;
let postgres: EmbeddedPostgres;
let engine: EngineProcess;
let api: TestEngine['api'];

const startPostgres = (): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aiops-away-'));
  port = await freePort();
  postgres = await startPostgres();
  engine = await startEngineProcess({
    APP_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    ADMIN_PASSWORD: PASSWORD,
    DATABASE_URL: postgres.url,
    JWT_SECRETS: `test:${randomBytes(32).toString('hex')}`,
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
  });
  let token = '';
  api = apiClient(engine.url, () => token);
  const body = { username: 'admin', password: PASSWORD };
  token = (await api<{ access_token: string }>('POST', '/auth/login', { token: null, body })).body
    .access_token;
}, 120_000);
afterAll(async () => {
  await engine?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Refusal {
  status: number;
  type: string | null;
  retryAfter: string | null;
}

/** Senders that each send one new alert after the other, and note what they were told. */
function load() {
  const acknowledged: string[] = [];
  const refusals: Refusal[] = [];
  let going = true;
  const send = async (sender: number): Promise<void> => {
    for (let count = 0; going; count += 1) {
      const alertname = `Load_${sender}_${count}`;
      const answer = await api('POST', '/ingest/prometheus/api/v2/alerts', {
        body: [{ labels: { alertname } }],
      });
      if (answer.status === 200) acknowledged.push(alertname);
      else {
        const { headers, status } = answer;
        refusals.push({ status, type: headers.get('content-type'), retryAfter: headers.get('retry-after') });
        // As a sender does that was asked to come back later; a second would make this test long for nothing.
        await new Promise((next) => setTimeout(next, 100));
      }
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  const stop = (): Promise<unknown> => {
    going = false;
    return senders;
  };
  return { acknowledged, refusals, stop };
}

async function storedNames(): Promise<Set<string>> {
  const names = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: { body: { data: { alert_name: string }[]; pagination: { next_cursor: string | null } } } =
      await api(
        'GET',
        `/alerts?limit=200&fields=alert_name${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
    for (const alert of page.body.data) names.add(alert.alert_name);
    cursor = page.body.pagination.next_cursor;
  } while (cursor !== null);
  return names;
}

describe('PostgreSQL away for half a minute under load', () => {
  it('is answered with 503 and Retry-After, is recovered from without a hand on it, and costs no acknowledged alert', async () => {
    const { acknowledged, refusals, stop } = load();
    await until(() => acknowledged.length > 200, {
      description: 'load before the outage',
      timeoutMs: 30_000,
    });
    await postgres.stop();
    const before = acknowledged.length;
    const back = Date.now() + AWAY_MS;
    await until(() => Date.now() > back, {
      description: 'half a minute to pass',
      timeoutMs: AWAY_MS + 5_000,
    });
    expect((await fetch(`${engine.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${engine.url}/health/ready`)).status).toBe(503);
    expect(acknowledged.length - before).toBeLessThan(SENDERS);
    postgres = await startPostgres();
    await until(() => acknowledged.length > before + 200, {
      description: 'load after it',
      timeoutMs: 60_000,
    });
    await stop();

    expect(refusals.length).toBeGreaterThan(SENDERS);
    const kinds = new Set(refusals.map(({ status, type }) => `${status} ${type ?? ''}`));
    expect([...kinds]).toEqual(['503 application/problem+json; charset=utf-8']);
    expect(refusals.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
    const stored = await storedNames();
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
    expect((await fetch(`${engine.url}/health/ready`)).status).toBe(200);
  }, 240_000);
});
