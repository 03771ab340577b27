import type { CookieBrowser, OidcServer } from '@aiops/testing';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { ATTEMPT_MS } from './attempt.js';
import {
  APP,
  browserAt as browserOf,
  openApp,
  settingsFor,
  startProvider,
  startUrl,
  toCallback,
  toPage,
  type Person,
} from './oidc.fixture.js';

let engine: TestEngine;
let provider: OidcServer;

beforeAll(async () => {
  provider = await startProvider();
  engine = await startTestEngine(settingsFor(provider));
});
afterAll(async () => {
  await engine.stop();
  await provider.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(provider, { claimsIn: 'id_token', changeIdToken: null });
});

const browserAt = (): CookieBrowser => browserOf(engine);
const open = (browser: CookieBrowser) => openApp(engine, browser);

async function failure(person: Person | null): Promise<string> {
  provider.signInAs(person);
  return toPage(browserAt());
}

describe('an answer of the provider that is not what was asked for', () => {
  const person = { sub: 'anna-1', roles: ['sre'] };
  const changed = (address: string, name: string, value: string): string => {
    const url = new URL(address);
    url.searchParams.set(name, value);
    return url.href;
  };

  it('is refused with another state', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const callback = changed(await toCallback(browser), 'state', 'x'.repeat(43));
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=failed');
    expect((await open(browser)).status).toBe(401);
  });

  it('is refused with another nonce', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const sent = (await browser.get(startUrl())).headers.get('location') ?? '';
    const callback = await toCallback(browser, changed(sent, 'nonce', 'another'));
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=failed');
  });

  it('is refused from another issuer', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const callback = changed(await toCallback(browser), 'iss', 'https://another.example');
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=failed');
  });

  it('is refused in a browser that did not ask, and a second time in the one that did', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const callback = await toCallback(browser);
    expect(await toPage(browserAt(), callback)).toBe('/?sign_in_error=expired');
    const cookies = browser.cookies(APP);
    expect(await toPage(browser, callback)).toBe('/alerts?status=firing');
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=expired');
    // Somebody who copied the cookies before meets the provider, which takes a code once.
    const thief = browserAt();
    thief.adopt(APP, cookies);
    expect(await toPage(thief, callback)).toBe('/?sign_in_error=failed');
  });

  it('is refused when it comes too late', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const callback = await toCallback(browser);
    const late = new Date(Date.now() + ATTEMPT_MS + 1);
    vi.spyOn(engine.app.get(Clock), 'now').mockImplementation(() => late);
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=expired');
  });

  describe('is refused with an ID token that', () => {
    /** What the provider says, said by somebody else or at another time. */
    const forged =
      (change: JWTPayload, key: object, header: object = {}) =>
      async (token: string) =>
        new SignJWT({ ...decodeJwt(token), ...change })
          .setProtectedHeader({ ...decodeProtectedHeader(token), ...header, alg: 'RS256' })
          .sign(await importJWK(key, 'RS256'));
    const seconds = (): number => Math.floor(Date.now() / 1000);
    const fails = async (change: (token: string) => Promise<string>): Promise<void> => {
      provider.changeIdToken = change;
      expect(await failure(person)).toBe('/?sign_in_error=failed');
    };

    it('has expired, beyond what clocks may differ', async () => {
      await fails(forged({ exp: seconds() - 60 }, provider.signingKey));
      provider.changeIdToken = forged({ exp: seconds() - 10 }, provider.signingKey);
      expect(await failure(person)).toBe('/alerts?status=firing');
    });

    it('is signed with a key that is not the provider’s, under its own name or that of one that is', async () => {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      const key = await exportJWK(privateKey);
      await fails(forged({}, key));
      await fails(forged({}, key, { kid: 'another key' }));
    });

    it('is signed with nothing', async () => {
      await fails((token) => Promise.resolve(new UnsecuredJWT(decodeJwt(token)).encode()));
    });

    it('is meant for another application, or about somebody else than the nonce says', async () => {
      await fails(forged({ aud: 'another' }, provider.signingKey));
      await fails(forged({ nonce: 'another' }, provider.signingKey));
    });
  });

  it('is refused with a cookie that somebody made up', async () => {
    const browser = browserAt();
    provider.signInAs(person);
    const callback = await toCallback(browser);
    const cookie = browser.cookies(APP);
    const at = cookie.length - 40;
    browser.adopt(APP, cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1));
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=expired');
  });
});
