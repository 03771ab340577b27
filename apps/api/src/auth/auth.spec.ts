import { JwtService } from '@nestjs/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginResponse, Problem, UserDto } from '@aiops/contracts';
import { AppConfig, Clock, SecretBox } from '../platform/index.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';
import { KnownSessions } from './session/known-sessions.js';
import { Keyring } from './signing-key/keyring.js';
import { SigningKeyRepository } from './signing-key/signing-key.repository.js';
import { ACCESS_TOKEN_TYPE, accessTokenRules } from './token/access-claims.js';
import { TokenService } from './token/token.service.js';
import { UserRepository } from './user/user.repository.js';

const oldSecret = 'o'.repeat(40);
const newSecret = 'n'.repeat(40);
const password = 'a long enough password';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ JWT_SECRETS: `old:${oldSecret}` });
});
afterAll(() => engine.stop());

const login = (username: string, secret: string) =>
  engine.api<LoginResponse & Problem>('POST', '/auth/login', {
    token: null,
    body: { username, password: secret },
  });
const me = (token: string) => engine.api<UserDto & Problem>('GET', '/auth/me', { token });

async function makeUser(username: string, role = 'viewer'): Promise<UserDto> {
  const made = await engine.api<UserDto>('POST', '/users', { body: { username, role, password } });
  expect(made.status).toBe(201);
  return made.body;
}

/** What a token of ours says, but for its own dates and names. */
function claimsOf(token: string): { sub: string; name: string; role: string; sid: string } {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { sub, name, role, sid } = JSON.parse(text) as Record<'sub' | 'name' | 'role' | 'sid', string>;
  return { sub, name, role, sid };
}

/** A token as we make them, with something changed. */
function forged(changes: { claims: object; options?: object; secret?: string }): string {
  return new JwtService().sign(changes.claims, {
    secret: changes.secret ?? oldSecret,
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: ACCESS_TOKEN_TYPE },
    keyid: 'old',
    issuer: accessTokenRules.issuer,
    audience: accessTokenRules.audience,
    expiresIn: 60,
    ...changes.options,
  });
}

describe('signing in', () => {
  it('gives a token, and says whose it is', async () => {
    const answer = await login('admin', 'correct horse battery');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 15 * 60,
      user: { username: 'admin', role: 'admin' },
    });
    expect(answer.body.user.last_login_at).not.toBeNull();
    const self = await me(answer.body.access_token);
    expect(self.body).toEqual(answer.body.user);
  });

  it('does not care for upper and lower case in the user name', async () => {
    const user = await makeUser('Carla');
    expect(user.username).toBe('carla');
    expect((await login('CARLA', password)).status).toBe(200);
  });

  it('answers a wrong password, an unknown user and a disabled one in the same words', async () => {
    const user = await makeUser('dora');
    expect((await engine.api('PATCH', `/users/${user.id}`, { body: { disabled: true } })).status).toBe(200);
    const answers = await Promise.all([
      login('admin', 'wrong'),
      login('nobody', password),
      login('dora', password),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="aiops"');
      expect({ ...answer.body, trace_id: '' }).toEqual({ ...answers[0].body, trace_id: '' });
    }
  });

  it('names the fields that are missing or unknown', async () => {
    const answer = await engine.api<Problem>('POST', '/auth/login', {
      token: null,
      body: { username: 'admin', pass: 'x' },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.field).sort()).toEqual(['pass', 'password']);
  });

  it('keeps passwords as Argon2id with the parameters OWASP asks for, and shows no hash', async () => {
    const user = await makeUser('erin');
    const stored = await engine.app.get(UserRepository, { strict: false }).find(user.id);
    expect(stored?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const list = await engine.api('GET', '/users');
    expect(JSON.stringify(list.body)).not.toMatch(/argon2|password_?hash/i);
  });
});

describe('access tokens', () => {
  it('are refused when missing, broken or expired', async () => {
    const claims = claimsOf(engine.adminToken);
    expect((await me(forged({ claims }))).status).toBe(200);
    const bad = [
      'not-a-token',
      `${engine.adminToken}x`,
      forged({ claims, options: { expiresIn: -1 } }),
      forged({ claims, options: { issuer: 'somebody' } }),
      forged({ claims, options: { audience: 'other-api' } }),
      forged({ claims, options: { algorithm: 'HS512', header: { alg: 'HS512', typ: ACCESS_TOKEN_TYPE } } }),
      forged({ claims, options: { header: { alg: 'HS256', typ: 'JWT' } } }),
      forged({ claims, options: { header: { alg: 'HS256' } } }),
      forged({ claims, options: { keyid: 'unknown' } }),
      forged({ claims, secret: 'x'.repeat(40) }),
      forged({ claims: { ...claims, sid: '01920000-0000-7000-8000-000000000000' } }),
      forged({ claims: { ...claims, sid: undefined } }),
      forged({ claims: { ...claims, sub: undefined } }),
      forged({ claims: { ...claims, sub: '01920000-0000-7000-8000-000000000000' } }),
    ];
    for (const token of bad) {
      const answer = await me(token);
      expect([token, answer.status]).toEqual([token, 401]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="aiops"');
      await expect(engine.app.get(TokenService, { strict: false }).verify(token)).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    }
  });

  it('cannot say themselves that they need no signature', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { ...claimsOf(engine.adminToken), iss: 'aiops', aud: 'aiops-api', exp };
    for (const alg of ['none', 'None', 'NONE']) {
      const token = `${part({ alg, typ: ACCESS_TOKEN_TYPE, kid: 'old' })}.${part(claims)}.`;
      expect((await me(token)).status).toBe(401);
    }
  });

  it('stay good over a rotation of secrets until the old secret is retired', async () => {
    const [old, fresh] = [
      { kid: 'old', secret: oldSecret },
      { kid: 'new', secret: newSecret },
    ];
    const users = engine.app.get(UserRepository, { strict: false });
    const withSecrets = (JWT_SECRETS: { kid: string; secret: string }[]): TokenService => {
      const config = new AppConfig({ ...engine.config.settings, JWT_SECRETS }, engine.databaseUrl);
      const repository = engine.app.get(SigningKeyRepository, { strict: false });
      const keyring = new Keyring(repository, new SecretBox(config), config, new Clock());
      const known = engine.app.get(KnownSessions, { strict: false });
      return new TokenService(config, new JwtService(), keyring, known, new Clock());
    };
    const rotated = withSecrets([fresh, old]);
    const retired = withSecrets([fresh]);
    await expect(rotated.verify(engine.adminToken)).resolves.toMatchObject({
      actor: { kind: 'user', name: 'admin' },
    });
    await expect(retired.verify(engine.adminToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    const admin = await users.findByUsername('admin');
    if (admin === null) throw new Error('The administrator is gone');
    const session = { id: claimsOf(engine.adminToken).sid, expiresAt: new Date(Date.now() + 3_600_000) };
    const { token } = await rotated.issueAccess(admin, session);
    const decoded = new JwtService().decode<{ header: object }>(token, { complete: true });
    expect(decoded.header).toMatchObject({ alg: 'HS256', typ: ACCESS_TOKEN_TYPE, kid: 'new' });
    await expect(retired.verify(token)).resolves.toMatchObject({ actor: { id: admin.id } });
    expect((await me(token)).status).toBe(401);
  });

  it('end at once when their user is disabled, removed or given another password', async () => {
    for (const end of [{ disabled: true }, { password: 'another long password' }, 'remove'] as const) {
      const user = await makeUser(`user${Math.random().toString(36).slice(2)}`);
      const { access_token: token } = (await login(user.username, password)).body;
      expect((await me(token)).status).toBe(200);
      const path = `/users/${user.id}`;
      const done =
        end === 'remove' ? await engine.api('DELETE', path) : await engine.api('PATCH', path, { body: end });
      expect([200, 204]).toContain(done.status);
      expect((await me(token)).status).toBe(401);
    }
  });

  it('are never taken for one another, however many come at once', async () => {
    const names = ['una', 'dos', 'tria', 'quattro'];
    for (const name of names) await makeUser(name);
    const tokens = await Promise.all(
      names.map(async (name) => (await login(name, password)).body.access_token),
    );
    const asked = Array.from({ length: 60 }, (_unused, index) => index % names.length);
    const answers = await Promise.all(asked.map((index) => me(tokens[index] ?? '')));
    expect(answers.map((answer) => answer.body.username)).toEqual(asked.map((index) => names[index]));
  });

  it('carry nobody further than the role they have now', async () => {
    const user = await makeUser('frida', 'admin');
    const { access_token: token } = (await login('frida', password)).body;
    expect((await engine.api('GET', '/users', { token })).status).toBe(200);
    expect((await engine.api('PATCH', `/users/${user.id}`, { body: { role: 'engineer' } })).status).toBe(200);
    const refused = await engine.api<Problem>('GET', '/users', { token });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toBe('This needs the role admin; yours is engineer.');
    expect((await engine.api('GET', '/failed-operations', { token })).status).toBe(200);
  });
});
