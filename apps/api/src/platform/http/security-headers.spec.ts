import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { policyOf } from './security-headers.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'silent' });
});
afterAll(() => engine.stop());

async function headersOf(path: string, headers: Record<string, string> = {}) {
  const answer = await request(`${engine.url}${path}`, { headers });
  await answer.body.dump();
  return answer.headers;
}

describe('an answer (R1.6)', () => {
  it.each([
    '/api/v1/alerts',
    '/api/v1/openapi.json',
    '/api/v1/no-such-route',
    '/api/v1/alerts/%00%zz',
    '/api/v1/auth/login',
    '/api/docs',
    '/api/docs/errors',
    '/api/docs/swagger-ui-init.js',
    '/api/docs-yaml',
    '/health',
    '/health/live',
    '/metrics',
    '/socket.io/?EIO=4&transport=polling',
  ])('of %s tells browsers what they may not do with it', async (path) => {
    const headers = await headersOf(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("'unsafe-inline'");
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('of the API is kept by no cache', async () => {
    expect((await headersOf('/api/v1/alerts'))['cache-control']).toBe('no-store');
  });

  it('behind TLS keeps browsers with it, where a trusted proxy says so', async () => {
    const behind = { 'X-Forwarded-Proto': 'https' };
    expect((await headersOf('/api/v1/alerts', behind))['strict-transport-security']).toBe(
      'max-age=31536000; includeSubDomains',
    );
    const open = await startTestEngine();
    const answer = await request(`${open.url}/api/v1/alerts`, { headers: behind });
    await answer.body.dump();
    await open.stop();
    expect(answer.headers['strict-transport-security']).toBeUndefined();
  });

  it('that is a page may have just the styles that stand in it', async () => {
    const page = await request(`${engine.url}/api/docs/errors`);
    expect(page.headers['content-security-policy']).toBe(policyOf(await page.body.text()));
    expect(policyOf('<style>a{}</style>')).toContain(
      // printf 'a{}' | openssl dgst -sha256 -binary | base64
      "style-src 'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='",
    );
    expect(policyOf('<script>alert(1)</script>')).toContain("script-src 'self';");
  });
});

describe('a body', () => {
  const post = async (path: string, bytes: number): Promise<number> => {
    const body = JSON.stringify({ x: 'x'.repeat(bytes) });
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${engine.adminToken}` };
    const answer = await request(`${engine.url}/api/v1${path}`, { method: 'POST', body, headers });
    await answer.body.dump();
    return answer.statusCode;
  };

  it('may be as large as what its route is for, and no larger', async () => {
    expect(await post('/auth/login', 60_000)).toBe(400);
    expect(await post('/auth/login', 70_000)).toBe(413);
    expect(await post('/rules', 1_900_000)).toBe(400);
    expect(await post('/rules', 2_200_000)).toBe(413);
    expect(await post('/ingest/alertmanager', 4_000_000)).toBe(400);
    expect(await post('/ingest/alertmanager', 5_300_000)).toBe(413);
  });
});
