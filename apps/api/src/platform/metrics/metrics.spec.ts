import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { Breakers } from '../resilience/breaker.js';
import { Metrics } from './metrics.service.js';

const PROMTOOL = '/usr/bin/promtool';
const TOKEN = 'a token for metrics';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
});
afterAll(() => engine.stop());

const scrape = async (url = engine.url) => (await fetch(`${url}/metrics`)).text();
/** Lines of one metric, without comments. */
const lines = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('/metrics', () => {
  it('is Prometheus’ text format, outside the API’s prefix and its rate limits', async () => {
    const answer = await fetch(`${engine.url}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.has('x-ratelimit-limit')).toBe(false);
    expect(await answer.text()).toMatch(/^aiops_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
  });

  it.skipIf(!existsSync(PROMTOOL))(
    'has nothing that promtool finds fault with (R3.4; skipped where promtool is absent)',
    async () => {
      const run = promisify(execFile)(PROMTOOL, ['check', 'metrics']);
      run.child.stdin?.end(await scrape());
      expect(await run).toEqual({ stdout: '', stderr: '' });
    },
  );

  it('tells how long requests took, by the template of their route and never by its values (R3.6)', async () => {
    const id = '01920000-0000-7000-8000-000000000000';
    await engine.api('GET', `/alerts/${id}`);
    await fetch(`${engine.url}/nowhere/${id}`);
    const text = await scrape();
    expect(text).toMatch(
      /^aiops_http_request_duration_seconds_bucket\{le="0\.1",method="GET",route="\/api\/v1\/alerts\/:id",status="4xx"\} \d+$/m,
    );
    expect(text).toContain(
      'aiops_http_request_duration_seconds_count{method="POST",route="/api/v1/auth/login",status="2xx"} 1',
    );
    expect(text).not.toContain(id);
  });

  it('tells of queues, of the database pool and of the event loop', async () => {
    const text = await scrape();
    expect(lines(text, 'aiops_queue_jobs')).toContain(
      'aiops_queue_jobs{queue="notification.deliver",state="due"} 0',
    );
    expect(lines(text, 'aiops_queue_oldest_job_age_seconds').length).toBeGreaterThan(5);
    expect(lines(text, 'aiops_database_pool_connections')).toHaveLength(2);
    expect(lines(text, 'nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(lines(text, 'aiops_metrics_read_failures_total')).toEqual([]);
  });

  it('tells the state of each breaker as 0, 1 or 2 (R4.2)', async () => {
    const breakers = engine.app.get(Breakers);
    await breakers.run('channel:ops', () => Promise.resolve());
    for (let call = 0; call < 3; call += 1) {
      await breakers.run('llm:away', () => Promise.reject(new Error('away'))).catch(() => undefined);
    }
    expect(lines(await scrape(), 'aiops_breaker_state').sort()).toEqual([
      'aiops_breaker_state{kind="channel",name="ops"} 0',
      'aiops_breaker_state{kind="llm",name="away"} 2',
    ]);
  });

  it('belongs to one engine, of which a process may hold several', async () => {
    const other = await startTestEngine({ DATABASE_URL: engine.databaseUrl, AIOPS_ROLE: 'api' });
    expect(lines(await scrape(other.url), 'aiops_breaker_state')).toEqual([]);
    expect(other.app.get(Metrics)).not.toBe(engine.app.get(Metrics));
    await other.stop();
  });

  it('is for who sends the token, when one is set', async () => {
    const guarded = await startTestEngine({ METRICS_TOKEN: TOKEN.replaceAll(' ', '-'), AIOPS_ROLE: 'api' });
    const ask = (authorization?: string) =>
      fetch(`${guarded.url}/metrics`, {
        headers: authorization === undefined ? {} : { Authorization: authorization },
      });
    for (const wrong of [undefined, 'Bearer', 'Bearer x', `Basic ${TOKEN}`]) {
      const answer = await ask(wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await ask(`Bearer ${TOKEN.replaceAll(' ', '-')}`)).status).toBe(200);
    await guarded.stop();
  });
});
