import type {
  FactorAddedDto,
  FactorsDto,
  LoginResponse,
  PasskeyChallenge,
  Problem,
  RecoveryCodesDto,
  SecondFactorNeeded,
  TotpSecretDto,
} from '@aiops/contracts';
import { passkeyDevice, type PasskeyDevice } from '@aiops/testing';
import { Secret, TOTP } from 'otpauth';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTable } from '../access/access-table.js';
import { startTestEngine, type ApiAnswer, type TestEngine } from '../../testing/test-engine.js';

const PASSWORD = 'a long enough password';
const ORIGIN = 'https://aiops.example.com';

let engine: TestEngine;
let people = 0;

beforeAll(async () => {
  engine = await startTestEngine({ PUBLIC_URL: `${ORIGIN}/`, MFA_REQUIRED_ROLES: 'engineer' });
});
afterAll(() => engine.stop());

interface Person {
  id: string;
  username: string;
  token: string;
  call<T = Problem>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>>;
}

async function person(role = 'viewer'): Promise<Person> {
  const username = `person-${++people}`;
  const { body } = await engine.api<{ id: string }>('POST', '/users', {
    body: { username, role, password: PASSWORD },
  });
  const signedIn = await login<LoginResponse>(username);
  return as(body.id, username, signedIn.body.access_token);
}

const as = (id: string, username: string, token: string): Person => ({
  id,
  username,
  token,
  call: (method, path, body) => engine.api(method, path, { token, body }),
});

const login = <T = LoginResponse>(username: string): Promise<ApiAnswer<T>> =>
  engine.api<T>('POST', '/auth/login', { token: null, body: { username, password: PASSWORD } });

async function pending(username: string): Promise<SecondFactorNeeded['second_factor']> {
  const { status, body } = await login<SecondFactorNeeded>(username);
  expect([status, body.second_factor]).toEqual([200, expect.anything()]);
  return body.second_factor;
}

const prove = <T = LoginResponse>(body: object): Promise<ApiAnswer<T>> =>
  engine.api<T>('POST', '/auth/login/second-factor', { token: null, body });

/** The code of an app, `steps` of half a minute from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

async function withApp(role?: string): Promise<{ who: Person; secret: string; codes: string[] }> {
  const who = await person(role);
  const { body } = await who.call<TotpSecretDto>('POST', '/auth/factors/totp');
  const added = await who.call<FactorAddedDto>('POST', '/auth/factors/totp/confirm', {
    code: codeOf(body.secret, -1),
  });
  expect(added.status).toBe(200);
  return { who, secret: body.secret, codes: added.body.recovery_codes ?? [] };
}

async function addPasskey(who: Person, device: PasskeyDevice): Promise<ApiAnswer<FactorAddedDto & Problem>> {
  const { body } = await who.call<PasskeyChallenge>('POST', '/auth/factors/passkeys/options');
  const passkey = device.create(body.options, ORIGIN);
  return who.call('POST', '/auth/factors/passkeys', { token: body.token, name: 'Laptop', passkey });
}

async function passkeySignIn(
  device: PasskeyDevice,
  how: { origin?: string; verified?: boolean; counter?: number } = {},
): Promise<ApiAnswer<LoginResponse>> {
  const { body } = await engine.api<PasskeyChallenge>('POST', '/auth/login/passkey/options', { token: null });
  const passkey = device.get(body.options, how.origin ?? ORIGIN, how);
  return engine.api('POST', '/auth/login/passkey', { token: null, body: { token: body.token, passkey } });
}

const methodsOf = async (token: string): Promise<string[]> => {
  const { body } = await engine.api<{ data: { current: boolean; methods: string[] }[] }>(
    'GET',
    '/auth/sessions',
    { token },
  );
  return body.data.find(({ current }) => current)?.methods ?? [];
};

describe('an authenticator app', () => {
  it('is asked for after the password, and nobody is signed in before its code', async () => {
    const { who, secret } = await withApp();
    const begun = await pending(who.username);
    expect(begun).toMatchObject({
      methods: ['totp', 'recovery_code'],
      passkey_options: null,
      expires_in: 300,
    });
    expect((await engine.api('GET', '/auth/me', { token: begun.token })).status).toBe(401);
    const { status, body } = await prove({ token: begun.token, code: codeOf(secret) });
    expect(status).toBe(200);
    expect(body.user.username).toBe(who.username);
    expect(await methodsOf(body.access_token)).toEqual(['pwd', 'otp']);
  });

  it('gives codes that are good once, and so is the attempt', async () => {
    const { who, secret } = await withApp();
    const code = codeOf(secret);
    const first = await pending(who.username);
    const second = await pending(who.username);
    const outcomes = await Promise.all([
      prove({ token: first.token, code }),
      prove({ token: second.token, code }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 401]);
    for (const { token } of [first, second]) expect((await prove({ token, code })).status).toBe(401);
  });

  it('counts only when a code of it was right', async () => {
    const who = await person();
    const { body } = await who.call<TotpSecretDto>('POST', '/auth/factors/totp');
    expect(body.uri).toContain(body.secret);
    const wrong = await who.call('POST', '/auth/factors/totp/confirm', { code: '000000' });
    expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([400, 'code']);
    expect((await login<LoginResponse>(who.username)).body.access_token).toEqual(expect.any(String));
    expect((await who.call<FactorsDto>('GET', '/auth/factors')).body.totp).toBeNull();
  });

  it('cannot be guessed by who knows the password', async () => {
    const { who, secret } = await withApp();
    const { token } = await pending(who.username);
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await prove({ token, code: '000000' })).status);
    expect(statuses).toEqual(Array(5).fill(401));
    // The attempt is over, and a right code comes too late.
    expect((await prove({ token, code: codeOf(secret) })).status).toBe(401);
    await prove({ token: (await pending(who.username)).token, code: '000000' });
    // Another sign-in is no way around.
    const again = await prove({ token: (await pending(who.username)).token, code: '000000' });
    expect([again.status, again.headers.get('Retry-After')]).toEqual([429, expect.any(String)]);
  });

  it('is asked for within five minutes', async () => {
    const { who, secret } = await withApp();
    const { token } = await pending(who.username);
    await engine.app
      .get(DataSource)
      .query(`UPDATE sign_in_challenges SET expires_at = now() WHERE user_id = $1`, [who.id]);
    expect((await prove({ token, code: codeOf(secret) })).status).toBe(401);
  });

  it('is no way on for who was in the middle of it when the password was changed', async () => {
    const { who, secret } = await withApp();
    const { token } = await pending(who.username);
    await engine.api('PATCH', `/users/${who.id}`, { body: { password: 'quite another password' } });
    expect((await prove({ token, code: codeOf(secret) })).status).toBe(401);
  });

  it('goes with its recovery codes, and then the password is enough again', async () => {
    const { who } = await withApp();
    expect((await who.call('DELETE', '/auth/factors/totp')).status).toBe(204);
    const { body } = await who.call<FactorsDto>('GET', '/auth/factors');
    expect(body).toMatchObject({ totp: null, recovery_codes_left: 0 });
    expect((await login<LoginResponse>(who.username)).body.access_token).toEqual(expect.any(String));
  });
});

describe('recovery codes', () => {
  it('come with the first factor, let in once each, and are counted', async () => {
    const { who, codes } = await withApp();
    expect(codes).toHaveLength(10);
    const [code = ''] = codes;
    const { token } = await pending(who.username);
    expect((await prove({ token, recovery_code: code.toUpperCase().replaceAll('-', ' ') })).status).toBe(200);
    const again = await pending(who.username);
    expect((await prove({ token: again.token, recovery_code: code })).status).toBe(401);
    expect((await who.call<FactorsDto>('GET', '/auth/factors')).body.recovery_codes_left).toBe(9);
  });

  it('are replaced by new ones all at once, and stand in no table', async () => {
    const { who, codes } = await withApp();
    const made = await who.call<RecoveryCodesDto>('POST', '/auth/factors/recovery-codes');
    expect(made.body.recovery_codes).toHaveLength(10);
    const { token } = await pending(who.username);
    expect((await prove({ token, recovery_code: codes[0] })).status).toBe(401);
    expect((await prove({ token, recovery_code: made.body.recovery_codes[0] })).status).toBe(200);
    const rows = JSON.stringify(await engine.app.get(DataSource).query('SELECT * FROM recovery_codes'));
    for (const code of made.body.recovery_codes) expect(rows).not.toContain(code);
  });

  it('are for who has a factor to lose', async () => {
    const who = await person();
    expect((await who.call('POST', '/auth/factors/recovery-codes')).status).toBe(409);
  });
});

describe('a passkey', () => {
  it('signs in alone, without name and password, when it verified its person', async () => {
    const who = await person();
    const device = passkeyDevice();
    const added = await addPasskey(who, device);
    expect([added.status, added.body.recovery_codes?.length]).toEqual([201, 10]);
    const { status, body } = await passkeySignIn(device);
    expect([status, body.user.username]).toEqual([200, who.username]);
    expect(await methodsOf(body.access_token)).toEqual(['swk']);
    expect((await passkeySignIn(device, { verified: false })).status).toBe(401);
  });

  it('is the second factor after a password, where a touch is enough', async () => {
    const who = await person();
    const device = passkeyDevice({ synced: false });
    await addPasskey(who, device);
    const begun = await pending(who.username);
    expect(begun.methods).toEqual(['passkey', 'recovery_code']);
    const passkey = device.get(begun.passkey_options ?? {}, ORIGIN, { verified: false });
    const { status, body } = await prove({ token: begun.token, passkey });
    expect(status).toBe(200);
    expect(await methodsOf(body.access_token)).toEqual(['pwd', 'hwk']);
  });

  it('is refused from another page, with another’s attempt, twice, and as a copy that lags behind', async () => {
    const who = await person();
    const device = passkeyDevice({ synced: false });
    await addPasskey(who, device);
    expect((await passkeySignIn(device, { origin: 'https://aiops.example.org' })).status).toBe(401);
    const { body } = await engine.api<PasskeyChallenge>('POST', '/auth/login/passkey/options', {
      token: null,
    });
    const used = { token: body.token, passkey: device.get(body.options, ORIGIN) };
    expect((await engine.api('POST', '/auth/login/passkey', { token: null, body: used })).status).toBe(200);
    expect((await engine.api('POST', '/auth/login/passkey', { token: null, body: used })).status).toBe(401);
    expect((await passkeySignIn(device, { counter: 1 })).status).toBe(401);
    expect((await passkeySignIn(passkeyDevice())).status).toBe(401);
    const stranger = await person();
    await addPasskey(stranger, passkeyDevice());
    const begun = await pending(stranger.username);
    const foreign = device.get(begun.passkey_options ?? {}, ORIGIN);
    expect((await prove({ token: begun.token, passkey: foreign })).status).toBe(401);
  });

  it('is known by its name, and once', async () => {
    const who = await person();
    const device = passkeyDevice();
    await addPasskey(who, device);
    expect((await addPasskey(await person(), device)).status).toBe(409);
    const { body } = await who.call<FactorsDto>('GET', '/auth/factors');
    expect(body.passkeys).toMatchObject([{ name: 'Laptop', synced: true, last_used_at: null }]);
    await passkeySignIn(device);
    const id = body.passkeys[0]?.id ?? '';
    expect((await (await person()).call('DELETE', `/auth/factors/passkeys/${id}`)).status).toBe(404);
    expect((await who.call('DELETE', `/auth/factors/passkeys/${id}`)).status).toBe(204);
    expect((await passkeySignIn(device)).status).toBe(401);
  });
});

describe('a role that needs a second factor', () => {
  it('can do nothing before there is one but set it up and leave', async () => {
    const who = await person('engineer');
    const refused = await who.call('GET', '/alerts');
    expect([refused.status, refused.body.type]).toEqual([403, '/api/docs/errors#second-factor-required']);
    expect((await who.call('GET', '/auth/me')).status).toBe(200);
    expect((await who.call<FactorsDto>('GET', '/auth/factors')).body).toMatchObject({
      required: true,
      missing: true,
    });
    const { body } = await who.call<TotpSecretDto>('POST', '/auth/factors/totp');
    expect((await who.call('POST', '/auth/factors/totp/confirm', { code: codeOf(body.secret) })).status).toBe(
      200,
    );
    expect((await who.call('GET', '/alerts')).status).toBe(200);
    expect((await who.call('DELETE', '/auth/factors/totp')).status).toBe(409);
  });

  it('keeps them from every other route of the API', async () => {
    const who = await person('engineer');
    const open: string[] = [];
    for (const [route, access] of Object.entries(accessTable)) {
      if (access === 'anybody' || route.endsWith('/logout-all')) continue;
      const [method = '', path = ''] = route.split(' ');
      const address = path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, who.id);
      const { body } = await who.call(method, address);
      if (body?.type !== '/api/docs/errors#second-factor-required') open.push(route.replace('/api/v1', ''));
    }
    expect(open.sort()).toEqual([
      'DELETE /auth/sessions',
      'DELETE /auth/sessions/{id}',
      'GET /auth/factors',
      'GET /auth/me',
      'GET /auth/sessions',
      'POST /auth/confirm',
      'POST /auth/factors/passkeys',
      'POST /auth/factors/passkeys/options',
      'POST /auth/factors/totp',
      'POST /auth/factors/totp/confirm',
      'POST /auth/password',
    ]);
  });

  it('is no matter for keys of programs', async () => {
    const { body } = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'program', role: 'engineer', scopes: ['read'] },
    });
    expect((await engine.api('GET', '/alerts', { token: body.key })).status).toBe(200);
  });
});

describe('how somebody signs in', () => {
  it('is changed by who proved a short time ago who they are, and otherwise confirms it', async () => {
    const who = await person();
    await engine.app
      .get(DataSource)
      .query(`UPDATE sessions SET confirmed_at = now() - interval '11 minutes' WHERE user_id = $1`, [who.id]);
    for (const [method, path, body] of [
      ['POST', '/auth/factors/totp'],
      ['POST', '/auth/factors/totp/confirm', { code: '123456' }],
      ['DELETE', '/auth/factors/totp'],
      ['POST', '/auth/factors/passkeys/options'],
      ['POST', '/auth/factors/recovery-codes'],
    ] as const) {
      const answer = await who.call(method, path, body);
      expect([path, answer.body.type]).toEqual([path, '/api/docs/errors#confirmation-required']);
    }
    const wrong = await who.call('POST', '/auth/confirm', { password: 'not this one at all' });
    expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([400, 'password']);
    expect((await who.call('POST', '/auth/confirm', { password: PASSWORD })).status).toBe(204);
    expect((await who.call('POST', '/auth/factors/totp')).status).toBe(200);
  });

  it('is reset by an administrator for who lost everything, which ends their sessions', async () => {
    const { who } = await withApp();
    await addPasskey(who, passkeyDevice());
    expect((await engine.api('DELETE', `/users/${who.id}/factors`)).status).toBe(204);
    expect((await who.call('GET', '/auth/me')).status).toBe(401);
    expect((await login<LoginResponse>(who.username)).body.access_token).toEqual(expect.any(String));
    const { body } = await engine.api<{ data: { action: string }[] }>(
      'GET',
      `/audit-log?subject_id=${who.id}&fields=action`,
    );
    expect(body.data.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.factor_added', 'user.recovery_codes_made', 'user.factors_reset']),
    );
  });
});
