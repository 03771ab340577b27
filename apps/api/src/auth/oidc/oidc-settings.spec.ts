import type { OidcServer } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageDto, SignInMethods, UserDto } from '@aiops/contracts';
import { Breakers } from '../../platform/index.js';
import { adminPassword, startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { browserAt, openApp, settingsFor, startProvider, toPage, type Person } from './oidc.fixture.js';

let provider: OidcServer;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());

describe('a provider that does not answer', () => {
  it('opens the breaker after some calls, and leaves passwords as they are', async () => {
    const other = await startTestEngine({ ...settingsFor(provider), OIDC_ISSUER: 'http://127.0.0.1:1' });
    const start = async (): Promise<string | null> =>
      (await fetch(`${other.url}/api/v1/auth/oidc/start`, { redirect: 'manual' })).headers.get('location');
    const breaker = other.app.get(Breakers);
    for (let count = 0; count < 50 && breaker.state('oidc') === 'closed'; count += 1) {
      expect(await start()).toBe('/?sign_in_error=provider_away');
    }
    expect(breaker.state('oidc')).toBe('open');
    expect(await start()).toBe('/?sign_in_error=provider_away');
    const login = await other.api('POST', '/auth/login', {
      token: null,
      body: { username: 'admin', password: adminPassword },
    });
    expect(login.status).toBe(200);
    await other.stop();
  });
});

describe('a provider whose people are all let in, and whose addresses count', () => {
  let open: TestEngine;
  beforeAll(async () => {
    // The guard lets calls to the issuer through, which is on this machine, and no others.
    open = await startTestEngine({
      ...settingsFor(provider),
      OUTBOUND_ALLOWED: '',
      OIDC_ROLE_MAP: '',
      OIDC_DEFAULT_ROLE: 'viewer',
      OIDC_LINK_EMAIL: 'verified',
    });
  });
  afterAll(() => open.stop());

  const userAfter = async (person: Person): Promise<UserDto> => {
    const browser = browserAt(open);
    provider.signInAs(person);
    expect(await toPage(browser)).toBe('/alerts?status=firing');
    return (await openApp(open, browser)).body.user;
  };
  const made = async (username: string): Promise<UserDto> => {
    const body = { username, role: 'engineer', password: 'a long enough password' };
    return (await open.api<UserDto>('POST', '/users', { body })).body;
  };

  it('gives the default role to who has no other', async () => {
    expect((await userAfter({ sub: 'ida', preferred_username: 'ida' })).role).toBe('viewer');
  });

  it('gives a user to who has their address, if the provider has checked it, and says so in the audit log', async () => {
    const user = await made('kim@example.com');
    const unchecked = { sub: 'thief', email: 'kim@example.com', email_verified: false };
    expect((await userAfter(unchecked)).id).not.toBe(user.id);
    const kim = await userAfter({ sub: 'kim', email: 'Kim@example.com', email_verified: true });
    expect(kim).toMatchObject({ id: user.id, role: 'viewer', has_password: false });
    const { body } = await open.api<PageDto<unknown>>('GET', '/audit-log?action=user.identity_linked');
    expect(body.data).toEqual([
      expect.objectContaining({ subject: expect.objectContaining({ id: user.id }) as unknown }),
    ]);
    // A second person of the provider with the same address is another one.
    const second = await userAfter({ sub: 'kim-2', email: 'kim@example.com', email_verified: true });
    expect(second.id).not.toBe(user.id);
  });
});

describe('without a provider', () => {
  it('the way in through one is not offered and says so', async () => {
    const plain = await startTestEngine();
    const { body } = await plain.api<SignInMethods>('GET', '/auth/methods', { token: null });
    expect(body.oidc).toBeNull();
    const answer = await fetch(`${plain.url}/api/v1/auth/oidc/start`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe('/?sign_in_error=not_configured');
    await plain.stop();
  });
});
