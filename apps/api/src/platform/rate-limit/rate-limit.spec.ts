import type { Problem } from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const LIMIT = 40;
let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({
    RATE_LIMIT_API_PER_MINUTE: String(LIMIT),
    RATE_LIMIT_LOGIN_PER_MINUTE: '4',
    RATE_LIMIT_INGEST_PER_MINUTE: '1000',
    TRUSTED_PROXIES: 'loopback',
  });
});
afterAll(() => engine.stop());

let lastAddress = 0;
/** An address that nothing was counted for yet, in the name of which a trusted proxy speaks. */
const from = (address = `198.51.100.${(lastAddress += 1)}`) => ({ 'X-Forwarded-For': address });
const remainingOf = (headers: Headers): number => Number(headers.get('x-ratelimit-remaining'));

const raw = async (path: string, headers: Record<string, string>, method = 'GET') => {
  const response = await fetch(`${engine.url}${path}`, { method, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
};

describe('rate limits (R2.5)', () => {
  it('are said in every answer, whatever it is', async () => {
    const token = { Authorization: `Bearer ${engine.adminToken}` };
    const answers = await Promise.all([
      raw('/api/v1/alerts', { ...from(), ...token }),
      raw('/api/v1/alerts?limit=x', { ...from(), ...token }),
      raw('/api/v1/alerts', from()),
      raw('/api/v1/nothing-here', from()),
      raw('/api/v1/alerts/%zz', from()),
      raw('/api/v1/openapi.json', from()),
      raw('/api/v1/auth/login', from(), 'POST'),
      raw('/api/v1/ingest/generic/x', from(), 'POST'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 404, 400, 200, 400, 401]);
    for (const [index, { headers }] of answers.entries()) {
      const limit = [LIMIT, 4, 1000][[6, 7].indexOf(index) + 1];
      const said = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
      expect([index, ...said.map(Number)]).toEqual([index, limit, expect.any(Number), expect.any(Number)]);
      expect(remainingOf(headers)).toBeLessThan(limit ?? 0);
      expect(Number(said[2])).toBeGreaterThanOrEqual(1);
      expect(Number(said[2])).toBeLessThanOrEqual(60);
    }
    expect((await raw('/health/live', from())).headers.has('x-ratelimit-limit')).toBe(false);
  });

  it('answer 429 with a problem that says when to come back', async () => {
    const address = from();
    for (let count = 0; count < LIMIT; count += 1) {
      expect((await raw('/api/v1/alerts', address)).status).toBe(401);
    }
    const { status, headers, text } = await raw('/api/v1/alerts', address);
    expect(status).toBe(429);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(2);
    expect(remainingOf(headers)).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      type: '/api/docs/errors#rate-limited',
      status: 429,
      instance: '/api/v1/alerts',
      trace_id: headers.get('x-trace-id'),
    });
    expect((await raw('/api/v1/alerts', from())).status).toBe(401);
  });

  it('are not evaded with made-up keys, other ways to write an address, or other addresses of one network', async () => {
    const address = () => from(`2001:db8::${(lastAddress += 1).toString(16)}`);
    const ways = ['/api/v1/alerts', '/api/v1/%61lerts', '/api/v1/runbooks', '/api/v1/none'];
    const statuses: number[] = [];
    for (let count = 0; count < LIMIT + 20; count += 1) {
      const Authorization = `Bearer aiops_${String(count).padStart(43, 'x')}`;
      const answer = await raw(ways[count % ways.length] ?? '', { ...address(), Authorization });
      statuses.push(answer.status);
    }
    // One comes back in a second and a half, so that a slow machine may be granted some more.
    expect(statuses.slice(0, LIMIT)).not.toContain(429);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
  });

  it('count a known caller by who it is, and not those beside it at the same address', async () => {
    const { body: key } = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'counted', role: 'viewer', scopes: ['api'] },
    });
    const address = from();
    const asKey = () => raw('/api/v1/alerts', { ...address, Authorization: `Bearer ${key.key}` });
    // The first one shows who it is, and until then it is an address.
    expect(remainingOf((await asKey()).headers)).toBe(LIMIT - 1);
    for (let count = 1; count <= LIMIT / 2; count += 1) await asKey();
    expect(remainingOf((await raw('/api/v1/alerts', address)).headers)).toBeGreaterThanOrEqual(LIMIT - 2);
    // From wherever it comes.
    const elsewhere = await raw('/api/v1/alerts', { ...from(), Authorization: `Bearer ${key.key}` });
    expect(remainingOf(elsewhere.headers)).toBeLessThanOrEqual(LIMIT - LIMIT / 2 + 4);
  });

  it('believe X-Forwarded-For from trusted proxies alone', async () => {
    const plain = await startTestEngine({ RATE_LIMIT_API_PER_MINUTE: '5' });
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 12; count += 1) {
        statuses.push((await plain.api('GET', '/alerts', { token: null, headers: from() })).status);
      }
      expect(statuses).toContain(429);
    } finally {
      await plain.stop();
    }
  });

  it('leave senders a budget of their own', async () => {
    const address = from();
    const answer = await raw('/api/v1/ingest/alertmanager', address, 'POST');
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
    expect((await raw('/api/v1/alerts', address)).headers.get('x-ratelimit-remaining')).toBe(
      String(LIMIT - 1),
    );
  });
});

describe('limits of signing in (R2.5)', () => {
  const signIn = (username: string, headers: Record<string, string>, path = '/auth/login') =>
    engine.api<Problem>('POST', path, { token: null, headers, body: { username, password: 'wrong' } });

  it('count by the address, with good tokens too, however the address is written', async () => {
    const address = { ...from(), Authorization: `Bearer ${engine.adminToken}` };
    const statuses: number[] = [];
    for (const path of ['/auth/login', '/auth/%6cogin', '/auth/login', '/auth/log%69n', '/auth/login']) {
      statuses.push((await signIn(`guess-${statuses.length}`, address, path)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429]);
  });
});

describe('rate limits that are switched off', () => {
  it('count nothing and say nothing', async () => {
    const off = await startTestEngine({ RATE_LIMIT_API_PER_MINUTE: '0', RATE_LIMIT_LOGIN_PER_MINUTE: '0' });
    try {
      const answer = await off.api('GET', '/alerts');
      expect(answer.status).toBe(200);
      expect(answer.headers.has('x-ratelimit-limit')).toBe(false);
    } finally {
      await off.stop();
    }
  });
});
