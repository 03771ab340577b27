import { Controller, Get, Module, Post } from '@nestjs/common';
import { until } from '@aiops/testing';
import type { ApiKeyCreatedDto, ApiKeyDto, PageDto, Problem, UserDto } from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Allow, AllowIngest, CurrentActor, type Actor } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { hashApiKey } from './api-key.secret.js';

@Controller('probe')
class ProbeController {
  @Post()
  @AllowIngest()
  send(@CurrentActor() actor: Actor): Actor {
    return actor;
  }
  @Get()
  @Allow('responder')
  read(@CurrentActor() actor: Actor): Actor {
    return actor;
  }
}
@Module({ controllers: [ProbeController] })
class ProbeModule {}

let engine: TestEngine;
let replica: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({}, [ProbeModule]);
  replica = await startTestEngine({ DATABASE_URL: engine.databaseUrl }, [ProbeModule]);
});
afterAll(async () => {
  await replica.stop();
  await engine.stop();
});

const make = async (input: object = {}): Promise<ApiKeyCreatedDto> => {
  const made = await engine.api<ApiKeyCreatedDto>('POST', '/api-keys', {
    body: { name: 'sender', ...input },
  });
  expect(made.status).toBe(201);
  return made.body;
};
const send = (key: string, on: TestEngine = engine) =>
  on.api<Actor & Problem>('POST', '/probe', { token: key });
const read = (key: string) => engine.api<Actor & Problem>('GET', '/probe', { token: key });
const basic = (password: string) => ({
  Authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}`,
});

describe('API keys', () => {
  it('are shown once, in the answer that makes them, and stored as a hash', async () => {
    const made = await engine.api<ApiKeyCreatedDto>('POST', '/api-keys', { body: { name: 'prometheus' } });
    expect(made.headers.get('location')).toBe(`/api/v1/api-keys/${made.body.id}`);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { key, ...rest } = made.body;
    expect(key).toMatch(/^aiops_[A-Za-z0-9_-]{43}$/);
    expect(rest).toMatchObject({
      role: 'viewer',
      scopes: ['ingest'],
      hint: `${key.slice(0, 10)}***`,
      last_used_at: null,
      last_used_from: null,
      created_by: 'admin',
      replaced_by: null,
      warnings: [],
    });
    expect((await engine.api('GET', `/api-keys/${made.body.id}`)).body).toEqual(rest);
    const list = await engine.api<PageDto<ApiKeyDto>>('GET', '/api-keys?q=prometheus');
    expect(list.body.data).toEqual([rest]);
    const stored = await engine.app.get(ApiKeyRepository, { strict: false }).find(made.body.id);
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(stored?.hash).toBe(hashApiKey(key));
  });

  it('let a sender in as bearer, as basic password and in the address', async () => {
    const { key, id } = await make();
    const answers = [
      await send(key),
      await engine.api<Actor>('POST', '/probe', { token: null, headers: basic(key) }),
      await engine.api<Actor>('POST', `/probe?key=${key}`, { token: null }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({ kind: 'api_key', id, name: 'sender', role: 'viewer' });
    }
  });

  it('do not open other routes when they are for sending only', async () => {
    const { key } = await make({ role: 'admin' });
    const refused = await read(key);
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('scope read');
    expect((await engine.api('GET', '/users', { token: key })).status).toBe(403);
  });

  it('act with their role when they have the scope for it', async () => {
    const viewer = await make({ role: 'viewer', scopes: ['api'] });
    const responder = await make({ role: 'responder', scopes: ['api', 'ingest'] });
    expect((await read(viewer.key)).status).toBe(403);
    expect((await read(responder.key)).body).toMatchObject({ kind: 'api_key', role: 'responder' });
    expect((await send(viewer.key)).status).toBe(403);
    expect((await send(responder.key)).status).toBe(201);
  });

  it('do within their role only what their scopes are for', async () => {
    const { key } = await make({ role: 'admin', scopes: ['read', 'run'] });
    expect((await read(key)).status).toBe(200);
    const change = (method: string, path: string) =>
      engine.api<Problem>(method, path, { token: key, body: {} });
    const id = '01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b';
    expect((await change('POST', `/runbooks/${id}/execute`)).status).toBe(404);
    for (const [route, scope] of [
      [`/executions/${id}/approve`, 'approve'],
      ['/rules', 'manage'],
      ['/users', 'api'],
    ] as const) {
      const refused = await change('POST', route);
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        `The API key "sender" does not have the scope ${scope}.`,
      ]);
    }
  });

  it('that may do less than everything can make no people and no other keys, whatever their role', async () => {
    const scopes = ['ingest', 'read', 'run', 'approve', 'manage'];
    const { key } = await make({ role: 'admin', scopes });
    const body = { name: 'more', role: 'admin', scopes: ['api'] };
    expect((await engine.api('POST', '/api-keys', { token: key, body })).status).toBe(403);
    expect((await engine.api('GET', '/users', { token: key })).status).toBe(403);
  });

  it('are not read from the address or a basic password outside of ingestion', async () => {
    const { key } = await make({ role: 'admin', scopes: ['api'] });
    expect((await engine.api('GET', `/probe?key=${key}`, { token: null })).status).toBe(401);
    expect((await engine.api('GET', '/probe', { token: null, headers: basic(key) })).status).toBe(401);
  });

  it('are refused when wrong, missing or expired, with a word on what would be accepted', async () => {
    const expiring = await make({ expires_at: new Date(Date.now() + 400).toISOString() });
    await until(async () => (await send(expiring.key)).status === 401, { description: 'the key expires' });
    const repository = engine.app.get(ApiKeyRepository, { strict: false });
    expect(await repository.find(expiring.id)).not.toBeNull();
    const answers = [
      await send(expiring.key),
      await send(`aiops_${'x'.repeat(43)}`),
      await engine.api<Problem>('POST', '/probe', { token: null }),
      await engine.api<Problem>('POST', '/probe?key=nonsense', { token: null }),
      await engine.api<Problem>('POST', '/probe', { token: null, headers: basic('nonsense') }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="aiops", Basic realm="aiops"');
    }
    expect(answers[0]?.body.detail).toMatch(
      /^The API key "sender" has expired: it was good until 20.+Z\. An administrator can rotate it\.$/,
    );
  });

  it('cannot be made to have expired already', async () => {
    const answer = await engine.api<Problem>('POST', '/api-keys', {
      body: { name: 'late', expires_at: '2020-01-01T00:00:00.000Z' },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.field).toBe('expires_at');
  });

  it('stop working when they are revoked: at once here, and soon on other replicas', async () => {
    const { key, id } = await make();
    expect((await send(key)).status).toBe(201);
    expect((await send(key, replica)).status).toBe(201);
    expect((await engine.api('DELETE', `/api-keys/${id}`)).status).toBe(204);
    expect((await send(key)).status).toBe(401);
    await until(async () => (await send(key, replica)).status === 401, {
      description: 'the replica hears of the revocation',
      timeoutMs: 4_000,
    });
  });

  it('change what they may do at once', async () => {
    const { key, id } = await make();
    expect((await read(key)).status).toBe(403);
    const changed = await engine.api<ApiKeyDto>('PATCH', `/api-keys/${id}`, {
      body: { scopes: ['api'], role: 'responder', name: 'reader' },
    });
    expect(changed.body).toMatchObject({
      name: 'reader',
      scopes: ['api'],
      role: 'responder',
      expires_at: null,
    });
    expect((await read(key)).status).toBe(200);
    expect((await send(key)).status).toBe(403);
  });

  it('say what they are for, and warn before they end', async () => {
    const { id, ...made } = await make({
      description: 'Alertmanager in Bonn; asks the platform team',
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    });
    expect(made).toMatchObject({
      description: 'Alertmanager in Bonn; asks the platform team',
      warnings: ['expires_soon'],
    });
    const body = { description: 'Alertmanager in Cologne', expires_at: null };
    const changed = await engine.api<ApiKeyDto>('PATCH', `/api-keys/${id}`, { body });
    expect(changed.body).toMatchObject({ ...body, warnings: [] });
  });

  describe('that are rotated', () => {
    const rotate = (id: string, body?: object) =>
      engine.api<ApiKeyCreatedDto & { detail?: string }>('POST', `/api-keys/${id}/rotate`, { body });

    it('get a successor that may do the same, and work on for the grace', async () => {
      const old = await make({ role: 'responder', scopes: ['ingest', 'read'], description: 'Bonn' });
      const made = await rotate(old.id, { grace_hours: 2 });
      expect(made.status).toBe(201);
      expect(made.headers.get('location')).toBe(`/api/v1/api-keys/${made.body.id}`);
      expect(made.headers.get('cache-control')).toBe('no-store');
      const { name, role, scopes, description, expires_at } = old;
      expect(made.body).toMatchObject({ name, role, scopes, description, expires_at });
      expect(made.body.key).not.toBe(old.key);
      for (const key of [old.key, made.body.key]) expect((await send(key)).status).toBe(201);
      const after = (await engine.api<ApiKeyDto>('GET', `/api-keys/${old.id}`)).body;
      expect(after.replaced_by).toBe(made.body.id);
      const left = Date.parse(after.expires_at ?? '') - Date.now();
      expect(left).toBeGreaterThan(1.9 * 3_600_000);
      expect(left).toBeLessThanOrEqual(2 * 3_600_000);
    });

    it('without a grace end at once, on every replica, and say what to do', async () => {
      const old = await make();
      expect((await send(old.key, replica)).status).toBe(201);
      const made = await rotate(old.id, { grace_hours: 0 });
      const refused = await send(old.key);
      expect(refused.status).toBe(401);
      expect(refused.body.detail).toContain('It was rotated: use the key that took its place.');
      await until(async () => (await send(old.key, replica)).status === 401, {
        description: 'the replica hears of the rotation',
        timeoutMs: 4_000,
      });
      expect((await send(made.body.key)).status).toBe(201);
    });

    it('are so once, also when two people do it at the same moment', async () => {
      const old = await make();
      const answers = await Promise.all([rotate(old.id), rotate(old.id), rotate(old.id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      const refused = answers.find(({ status }) => status === 409);
      expect(refused?.body.detail).toContain('was rotated already');
    });
  });

  it('note their last use, but not more than once a minute', async () => {
    const { key, id } = await make();
    const lastUse = async () => (await engine.api<ApiKeyDto>('GET', `/api-keys/${id}`)).body.last_used_at;
    await send(key);
    const first = await until(lastUse, { description: 'the use is noted' });
    for (let index = 0; index < 20; index += 1) await send(key);
    await send(key, replica);
    const repository = engine.app.get(ApiKeyRepository, { strict: false });
    await repository.touch(id, new Date(), 'elsewhere', new Date(Date.now() - 60_000));
    expect(await lastUse()).toBe(first);
    const { body } = await engine.api<ApiKeyDto>('GET', `/api-keys/${id}`);
    expect(body.last_used_from).toBe('127.0.0.1');
  });
});

describe('people', () => {
  it('may send alerts from the role engineer on', async () => {
    const password = 'a long enough password';
    for (const [role, status] of [
      ['viewer', 403],
      ['responder', 403],
      ['engineer', 201],
      ['admin', 201],
    ] as const) {
      const username = `sender-${role}`;
      await engine.api<UserDto>('POST', '/users', { body: { username, role, password } });
      const login = await engine.api<{ access_token: string }>('POST', '/auth/login', {
        token: null,
        body: { username, password },
      });
      expect([role, (await send(login.body.access_token)).status]).toEqual([role, status]);
    }
  });

  it('are what /auth/me is about, and keys are not', async () => {
    const { key } = await make({ scopes: ['api'] });
    expect((await engine.api('GET', '/auth/me', { token: key })).status).toBe(404);
  });
});
