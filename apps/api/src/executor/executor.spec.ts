import type {
  CredentialDto,
  HostKeyDto,
  PageDto,
  Problem,
  ServerToClientEvents,
  TargetDto,
} from '@aiops/contracts';
import { generateSshKey, sshdAvailable, startSshd, until } from '@aiops/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../platform/index.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';
import { SecretReader } from './index.js';

const password = 'a long enough password';
let engine: TestEngine;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  engine = await startTestEngine();
  for (const role of ['viewer', 'responder', 'engineer']) {
    await engine.api('POST', '/users', { body: { username: role, display_name: role, role, password } });
    const login = await engine.api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username: role, password },
    });
    tokens[role] = login.body.access_token;
  }
});
afterAll(() => engine.stop());

let count = 0;
const nameOf = (what: string): string => `${what}-${++count}`;
const credential = (body: object) =>
  engine.api<CredentialDto & Problem>('POST', '/credentials', {
    body: { name: nameOf('credential'), kind: 'password', secret: 'tell-nobody-3141', ...body },
  });
const target = (body: object) =>
  engine.api<TargetDto & Problem>('POST', '/targets', {
    body: { name: nameOf('target'), host: 'web-1.example', username: 'ops', ...body },
  });
const fieldsOf = (problem: Problem): string[] => (problem.errors ?? []).map((error) => error.field);

describe('credentials', () => {
  it('never come back, from no route and not out of the database', async () => {
    const secret = 'tell-nobody-2718';
    const made = await credential({ secret });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/credentials/${made.body.id}`);
    expect(made.body).toMatchObject({ secret: '***', age_days: 0, health: 'ok', fingerprint: null });
    const { id } = made.body;
    await target({ credential_id: id });
    const answers = await Promise.all([
      engine.api('GET', `/credentials/${id}`),
      engine.api('GET', '/credentials?limit=200'),
      engine.api('GET', '/credentials?fields=id,secret'),
      engine.api('PATCH', `/credentials/${id}`, { body: { name: nameOf('renamed') } }),
      engine.api('GET', '/targets?limit=200'),
      engine.api('POST', '/credentials', { body: { name: made.body.name, kind: 'password', secret: 1 } }),
      engine.api('DELETE', `/credentials/${id}`),
    ]);
    for (const answer of [made, ...answers]) expect(JSON.stringify(answer.body)).not.toContain(secret);
    const source = engine.app.get<DataSource>(getDataSourceToken());
    const rows = JSON.stringify(await source.query('SELECT * FROM credentials'));
    expect(rows).toContain(id);
    expect(rows).not.toContain(secret);
    expect(rows).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12));
  });

  it('are for whoever runs the engine to see and change, and nobody else', async () => {
    const { id } = (await credential({})).body;
    for (const role of ['viewer', 'responder']) {
      const token = tokens[role] ?? '';
      const body = { name: nameOf('x'), kind: 'password', secret: 'x' };
      const answers = [
        await engine.api('GET', '/credentials', { token }),
        await engine.api('GET', `/credentials/${id}`, { token }),
        await engine.api('POST', '/credentials', { token, body }),
        await engine.api('PATCH', `/credentials/${id}`, { token, body: { secret: 'y' } }),
        await engine.api('DELETE', `/credentials/${id}`, { token }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403, 403, 403]);
    }
    expect((await engine.api('GET', `/credentials/${id}`, { token: tokens['engineer'] ?? '' })).status).toBe(
      200,
    );
    expect((await engine.api('GET', '/credentials', { token: null })).status).toBe(401);
  });

  it('are rotated by a new secret, which starts their age anew', async () => {
    const { id, name } = (await credential({ secret: 'the old one' })).body;
    const source = engine.app.get<DataSource>(getDataSourceToken());
    const long = [
      `UPDATE credentials SET last_rotated_at = now() - interval '91 days' WHERE id = $1`,
      [id],
    ] as const;
    await source.query(long[0], [...long[1]]);
    const read = async () => (await engine.api<CredentialDto>('GET', `/credentials/${id}`)).body;
    expect(await read()).toMatchObject({ age_days: 91, health: 'stale' });
    await engine.api('PATCH', `/credentials/${id}`, { body: { name: `${name}-renamed` } });
    expect(await read()).toMatchObject({ age_days: 91, name: `${name}-renamed` });
    await engine.api('PATCH', `/credentials/${id}`, { body: { secret: 'the new one' } });
    expect(await read()).toMatchObject({ age_days: 0, health: 'ok' });
    const reader = engine.app.get(SecretReader, { strict: false });
    expect(await reader.values([`${name}-renamed`])).toEqual({ [`${name}-renamed`]: 'the new one' });
    await expect(reader.values([`${name}-renamed`, 'no-such', 'nor-this'])).rejects.toThrow(
      '"no-such", "nor-this"',
    );
  });

  it('that are keys are read at once: shown by fingerprint, or refused with the reason', async () => {
    const pair = generateSshKey('ed25519', 'a passphrase');
    const good = await credential({ kind: 'ssh_key', secret: pair.private, passphrase: 'a passphrase' });
    expect(good.body.fingerprint).toMatch(/^SHA256:/);
    for (const [body, said] of [
      [{ kind: 'ssh_key', secret: pair.private }, 'give its passphrase'],
      [{ kind: 'ssh_key', secret: pair.private, passphrase: 'q' }, 'does not open'],
      [{ kind: 'ssh_key', secret: pair.public }, 'public key'],
      [{ kind: 'ssh_key', secret: 'hello' }, 'not a private key'],
    ] as const) {
      const refused = await credential(body);
      expect([refused.status, fieldsOf(refused.body)]).toEqual([400, ['secret']]);
      expect(refused.body.detail).toContain(said);
      expect(JSON.stringify(refused.body)).not.toContain(body.secret.slice(0, 60));
    }
  });

  it('keep their kind, have a name of their own, and stay as long as a target uses them', async () => {
    const { id, name } = (await credential({})).body;
    expect((await credential({ name })).status).toBe(409);
    const changed = await engine.api<Problem>('PATCH', `/credentials/${id}`, { body: { kind: 'token' } });
    expect([changed.status, fieldsOf(changed.body)]).toEqual([400, ['kind']]);
    const used = await target({ credential_id: id });
    const kept = await engine.api<Problem>('DELETE', `/credentials/${id}`);
    expect(kept.status).toBe(409);
    expect(kept.body.detail).toContain(used.body.name);
    await engine.api('DELETE', `/targets/${used.body.id}`);
    expect((await engine.api('DELETE', `/credentials/${id}`)).status).toBe(204);
    expect((await engine.api('GET', `/credentials/${id}`)).status).toBe(404);
  });

  it('cannot be taken from a target that is being given them at the same moment', async () => {
    const { id } = (await credential({})).body;
    const both = await Promise.all([
      engine.api('DELETE', `/credentials/${id}`),
      target({ credential_id: id }),
      engine.api('DELETE', `/credentials/${id}`),
    ]);
    const source = engine.app.get<DataSource>(getDataSourceToken());
    const dangling = await source.query<unknown[]>(
      'SELECT 1 FROM targets t LEFT JOIN credentials c ON c.id = t.credential_id WHERE t.credential_id IS NOT NULL AND c.id IS NULL',
    );
    expect(dangling).toEqual([]);
    for (const answer of both) expect([201, 204, 400, 404, 409]).toContain(answer.status);
  });
});

describe('targets', () => {
  it('are made, listed, changed and removed', async () => {
    const made = await target({ labels: { service: 'shop' } });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/targets/${made.body.id}`);
    expect(made.body).toMatchObject({
      kind: 'ssh',
      port: 22,
      shell: 'posix',
      labels: { service: 'shop' },
      reachable: null,
      host_key_status: 'none',
    });
    const found = await engine.api<PageDto<TargetDto>>('GET', `/targets?q=${made.body.name}&fields=id,name`);
    expect(found.body.data).toEqual([{ id: made.body.id, name: made.body.name }]);
    const body = {
      name: made.body.name,
      host: '10.0.0.7',
      port: 2222,
      username: 'admin',
      shell: 'powershell',
    };
    const changed = await engine.api<TargetDto>('PUT', `/targets/${made.body.id}`, { body });
    expect(changed.body).toMatchObject({ ...body, labels: {}, id: made.body.id });
    expect((await engine.api('DELETE', `/targets/${made.body.id}`)).status).toBe(204);
    expect((await engine.api('GET', `/targets/${made.body.id}`)).status).toBe(404);
    expect((await engine.api('DELETE', `/targets/${made.body.id}`)).status).toBe(404);
  });

  it.each([
    ['name', { name: 'two words' }],
    ['host', { host: 'https://web-1' }],
    ['host', { host: 'ops@web-1' }],
    ['host', { host: 'web 1' }],
    ['port', { port: 0 }],
    ['username', { username: null }],
    ['username', { username: ' ' }],
    ['credential_id', { credential_id: newId() }],
    ['shell', { shell: 'fish' }],
    ['kind', { kind: 'kubernetes' }],
  ])('are refused for a wrong %s: %o', async (field, body) => {
    const refused = await target(body);
    expect([refused.status, fieldsOf(refused.body)]).toEqual([400, [field]]);
  });

  it('are refused a credential that cannot sign in over SSH, and a name that is taken', async () => {
    const token = (await credential({ kind: 'token' })).body;
    const refused = await target({ credential_id: token.id });
    expect(fieldsOf(refused.body)).toEqual(['credential_id']);
    expect(refused.body.detail).toContain('token cannot sign in');
    expect((await target({ kind: 'http', username: null, credential_id: token.id })).status).toBe(201);
    const { name } = (await target({})).body;
    expect((await target({ name })).status).toBe(409);
  });

  it('are for everybody to see, and for engineers to change and try', async () => {
    const { id } = (await target({})).body;
    const key = newId();
    const body = { name: nameOf('x'), host: 'x', username: 'x' };
    for (const role of ['viewer', 'responder']) {
      const token = tokens[role] ?? '';
      const answers = [
        await engine.api('GET', `/targets/${id}`, { token }),
        await engine.api('GET', `/targets/${id}/host-keys`, { token }),
        await engine.api('POST', '/targets', { token, body }),
        await engine.api('PUT', `/targets/${id}`, { token, body }),
        await engine.api('DELETE', `/targets/${id}`, { token }),
        await engine.api('POST', `/targets/${id}/test`, { token }),
        await engine.api('POST', `/targets/${id}/host-keys/${key}/accept`, { token }),
        await engine.api('POST', `/targets/${id}/host-keys/${key}/revoke`, { token }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 403, 403, 403, 403, 403, 403]);
    }
    const engineer = { token: tokens['engineer'] ?? '' };
    expect((await engine.api('POST', `/targets/${id}/host-keys/${key}/accept`, engineer)).status).toBe(404);
    expect((await engine.api('GET', `/targets/${newId()}/host-keys`, engineer)).status).toBe(404);
  });

  it('of a service over HTTP are checked by reaching their port', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const made = (await target({ kind: 'http', host: '127.0.0.1', port, username: null })).body;
    const check = async () => {
      const { body } = await engine.api<{ ok: boolean }>('POST', `/targets/${made.id}/test`);
      const { reachable, last_error } = (await engine.api<TargetDto>('GET', `/targets/${made.id}`)).body;
      return [body.ok, reachable, last_error === null];
    };
    expect(await check()).toEqual([true, true, true]);
    await new Promise((closed) => server.close(closed));
    expect(await check()).toEqual([false, false, false]);
  });

  it.runIf(sshdAvailable())('forget host keys when they become another address, and only then', async () => {
    const sshd = await startSshd();
    try {
      const { host, port, username, privateKey } = sshd;
      const { id } = (await credential({ kind: 'ssh_key', secret: privateKey })).body;
      const made = (await target({ host, port, username, credential_id: id })).body;
      await engine.api('POST', `/targets/${made.id}/test`);
      const keys = async () =>
        (await engine.api<PageDto<HostKeyDto>>('GET', `/targets/${made.id}/host-keys`)).body.data.length;
      expect(await keys()).toBe(1);
      const put = (body: object) => engine.api('PUT', `/targets/${made.id}`, { body });
      await put({ name: made.name, host, port, username, labels: { role: 'web' }, credential_id: id });
      expect(await keys()).toBe(1);
      await put({ name: made.name, host: 'other.example', port, username, credential_id: id });
      expect(await keys()).toBe(0);
    } finally {
      await sshd.stop();
    }
  });

  it('tell open screens when one is made, found out of reach, or gone', async () => {
    const auth = { token: engine.adminToken };
    const screen: Socket<ServerToClientEvents> = io(engine.url, { auth, transports: ['websocket'] });
    const heard: string[] = [];
    screen.on('target.updated', ({ target_id }) => heard.push(target_id));
    await new Promise<void>((resolve) => screen.once('connect', resolve));
    const made = (await target({ host: 'no-such-host.invalid' })).body;
    const times = (wanted: number) =>
      until(() => heard.filter((id) => id === made.id).length === wanted, {
        description: `${wanted} pushes`,
      });
    await times(1);
    await engine.api('POST', `/targets/${made.id}/test`);
    await times(2);
    await engine.api('DELETE', `/targets/${made.id}`);
    await times(3);
    screen.disconnect();
  });
});
