import type { CookieBrowser, OidcServer } from '@aiops/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LoginResponse, PageDto, SessionDto, SignInMethods, UserDto } from '@aiops/contracts';
import { Breakers } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
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

async function signIn(person: Person): Promise<LoginResponse> {
  const browser = browserAt();
  provider.signInAs(person);
  expect(await toPage(browser)).toBe('/alerts?status=firing');
  const { status, body } = await open(browser);
  expect(status).toBe(200);
  return body;
}

async function failure(person: Person | null): Promise<string> {
  provider.signInAs(person);
  return toPage(browserAt());
}

describe('signing in through an OpenID Connect provider', () => {
  it('is offered by its name', async () => {
    const { body } = await engine.api<SignInMethods>('GET', '/auth/methods', { token: null });
    expect(body.oidc).toEqual({ label: 'Example ID', path: '/api/v1/auth/oidc/start' });
  });

  it('makes a user of who comes first, with the best role that they have there, and a session', async () => {
    const { user, access_token } = await signIn({
      sub: 'anna-1',
      preferred_username: 'Anna',
      name: 'Anna Example',
      roles: ['everyone', 'sre'],
    });
    expect(user).toMatchObject({ username: 'anna', display_name: 'Anna Example', role: 'engineer' });
    const { body } = await engine.api<PageDto<SessionDto>>('GET', '/auth/sessions', { token: access_token });
    expect(body.data).toEqual([expect.objectContaining({ methods: ['oidc'] })]);
  });

  it('asks for PKCE, a state and a nonce, anew each time', async () => {
    const asked = async () => {
      const location = (await browserAt().get(startUrl())).headers.get('location') ?? '';
      return new URL(location).searchParams;
    };
    const [first, second] = [await asked(), await asked()];
    expect(first.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)).toMatch(/^[\w-]{43,}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
  });

  it('finds the user again by issuer and subject, and takes over name and role each time', async () => {
    const before = await signIn({ sub: 'ben', preferred_username: 'ben', name: 'Ben', roles: ['sre-leads'] });
    expect(before.user.role).toBe('admin');
    const after = await signIn({ sub: 'ben', preferred_username: 'benny', name: 'Benny', roles: 'everyone' });
    expect(after.user).toMatchObject({
      id: before.user.id,
      username: 'ben',
      display_name: 'Benny',
      role: 'viewer',
    });
    // The session from before is of the same person, and may do no more than they.
    const refused = await engine.api('GET', '/users', { token: before.access_token });
    expect(refused.status).toBe(403);
  });

  it('never takes somebody for a user who has the same name or address', async () => {
    const password = 'a long enough password';
    await engine.api('POST', '/users', { body: { username: 'carl@example.com', role: 'admin', password } });
    const { user } = await signIn({ sub: 'carl', email: 'carl@example.com', roles: ['everyone'] });
    expect(user.username).toMatch(/^carl@example\.com-[0-9a-f]{10}$/);
    expect(user.role).toBe('viewer');
    const admin = await signIn({ sub: 'another-admin', preferred_username: 'admin', roles: ['everyone'] });
    expect(admin.user).toMatchObject({
      username: expect.stringMatching(/^admin-/) as string,
      role: 'viewer',
    });
  });

  it('reads the role from the user info where the ID token has none', async () => {
    provider.claimsIn = 'userinfo';
    const { user } = await signIn({ sub: 'dora', preferred_username: 'dora', roles: ['sre'] });
    expect(user).toMatchObject({ username: 'dora', role: 'engineer' });
  });

  it('makes one user when the same person comes twice at once', async () => {
    provider.signInAs({ sub: 'twin', preferred_username: 'twin', roles: ['everyone'] });
    const pages = await Promise.all([toPage(browserAt()), toPage(browserAt()), toPage(browserAt())]);
    expect(new Set(pages)).toEqual(new Set(['/alerts?status=firing']));
    const { body } = await engine.api<PageDto<UserDto>>('GET', '/users?q=twin');
    expect(body.data.map(({ username }) => username)).toEqual(['twin']);
  });

  it('ends at the start of the app rather than on the page of another site', async () => {
    provider.signInAs({ sub: 'anna-1', roles: ['sre'] });
    expect(await toPage(browserAt(), startUrl('//evil.example/x'))).toBe('/');
  });
});

describe('who does not come in through the provider', () => {
  it('has no role there, and is made no user', async () => {
    expect(await failure({ sub: 'eve', preferred_username: 'eve', roles: ['sales'] })).toBe(
      '/?sign_in_error=no_role',
    );
    const { body } = await engine.api<PageDto<UserDto>>('GET', '/users?q=eve');
    expect(body.data).toEqual([]);
  });

  it('has lost the last role: the sessions end', async () => {
    const { access_token } = await signIn({ sub: 'fred', preferred_username: 'fred', roles: ['sre'] });
    expect(await failure({ sub: 'fred', roles: [] })).toBe('/?sign_in_error=no_role');
    expect((await engine.api('GET', '/auth/me', { token: access_token })).status).toBe(401);
  });

  it('is disabled here', async () => {
    const { user } = await signIn({ sub: 'gina', preferred_username: 'gina', roles: ['sre'] });
    await engine.api('PATCH', `/users/${user.id}`, { body: { disabled: true } });
    expect(await failure({ sub: 'gina', roles: ['sre'] })).toBe('/?sign_in_error=disabled');
  });

  it('has pressed cancel', async () => {
    expect(await failure(null)).toBe('/?sign_in_error=cancelled');
  });

  it('is noted in the audit log, without an account being named', async () => {
    await failure({ sub: 'eve', roles: [] });
    const { body } = await engine.api<PageDto<unknown>>(
      'GET',
      '/audit-log?action=user.sign_in_failed&limit=1',
    );
    expect(body.data).toEqual([
      expect.objectContaining({ outcome: 'failed', reason: 'Through the provider: no_role.' }),
    ]);
  });
});

describe('a provider that is away', () => {
  afterEach(() => {
    provider.break(false);
    engine.app.get(Breakers).reset('oidc');
  });

  it('is said to be, and a sign-in can be begun anew once it is back', async () => {
    const browser = browserAt();
    provider.signInAs({ sub: 'anna-1', roles: ['sre'] });
    const callback = await toCallback(browser);
    provider.break(true);
    expect(await toPage(browser, callback)).toBe('/?sign_in_error=provider_away');
    provider.break(false);
    expect(await toPage(browser)).toBe('/alerts?status=firing');
  });
});

describe('passwords of the people of a provider', () => {
  it('let nobody in', async () => {
    const { user } = await signIn({ sub: 'hugo', preferred_username: 'hugo', roles: ['sre'] });
    const login = (password: string) =>
      engine.api('POST', '/auth/login', { token: null, body: { username: 'hugo', password } });
    expect((await login('anything at all')).status).toBe(401);
    const password = 'given by an administrator';
    expect((await engine.api('PATCH', `/users/${user.id}`, { body: { password } })).status).toBe(200);
    expect((await login(password)).status).toBe(401);
  });
});

describe('signing out', () => {
  it('goes on to the provider, and from there to the app', async () => {
    const browser = browserAt();
    provider.signInAs({ sub: 'anna-1', roles: ['sre'] });
    await toPage(browser);
    const location = (await browser.get(`${APP}/api/v1/auth/oidc/logout`)).headers.get('location') ?? '';
    const url = new URL(location);
    expect(url.href).toMatch(`${provider.issuer}/session/end`);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${APP}/`);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect((await browser.get(url.href)).status).toBe(200);
    // Once: the browser has forgotten it.
    expect(await toPage(browser, `${APP}/api/v1/auth/oidc/logout`)).toBe('/');
  });
});
