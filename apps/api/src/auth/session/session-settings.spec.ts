import type { LoginResponse } from '@aiops/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { testBrowser } from '../../testing/browser.js';
import { adminPassword, startTestEngine, type TestEngine } from '../../testing/test-engine.js';

let engine: TestEngine;
afterEach(async () => {
  vi.restoreAllMocks();
  await engine.stop();
});

describe('behind TLS (R1.5)', () => {
  beforeEach(async () => {
    engine = await startTestEngine({ TRUSTED_PROXIES: 'loopback' });
  });

  it('the refresh token comes with Secure, and under a name that only TLS may set', async () => {
    const browser = testBrowser(engine);
    const body = { username: 'admin', password: adminPassword };
    const headers = { 'X-Forwarded-Proto': 'https' };
    const answer = await browser.call('POST', '/auth/login', { body, headers });
    const [token, hint] = answer.headers.getSetCookie();
    expect(token).toMatch(/^__Secure-aiops_refresh=.*; HttpOnly; .*; SameSite=Strict; Secure$/);
    expect(hint).toMatch(/; SameSite=Strict; Secure$/);
    expect((await browser.call('POST', '/auth/refresh', { headers })).status).toBe(200);
    // One that was planted without TLS is not taken.
    const planted = browser.cookie.replace('__Secure-', '');
    const again = await testBrowser(engine, '', planted).call('POST', '/auth/refresh', { headers });
    expect(again.status).toBe(401);
  });
});

describe('with a short idle time (R1.5)', () => {
  beforeEach(async () => {
    engine = await startTestEngine({ SESSION_IDLE_TIMEOUT_MS: '60000' });
  });

  it('an access token that is good still ends with a session that is not used', async () => {
    const me = async (): Promise<number> => (await engine.api('GET', '/auth/me')).status;
    const clock = engine.app.get(Clock, { strict: false });
    const pass = (ms: number): void =>
      void vi.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + ms));
    // Whoever goes on using it stays in.
    for (const seconds of [40, 80, 120]) {
      pass(seconds * 1000);
      expect(await me()).toBe(200);
    }
    pass(181_000);
    expect(await me()).toBe(401);
  });

  it('an access token runs out before that time is over, so that an open page, which gets the next one, is in use', async () => {
    const browser = testBrowser(engine);
    const body = { username: 'admin', password: adminPassword };
    const answer = await browser.call<LoginResponse>('POST', '/auth/login', { body });
    expect(answer.body.expires_in).toBe(30);
  });
});
