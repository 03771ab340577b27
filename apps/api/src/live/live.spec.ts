import { until } from '@aiops/testing';
import { io, type Socket } from 'socket.io-client';
import { JwtService } from '@nestjs/jwt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientToServerEvents, ServerToClientEvents, UserDto } from '@aiops/contracts';
import { newId } from '../platform/index.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';
import { LiveGateway } from './live.gateway.js';

type Screen = Socket<ServerToClientEvents, ClientToServerEvents>;

const secret = 's'.repeat(40);
const password = 'a long enough password';
let engine: TestEngine;
let gateway: LiveGateway;
const screens: Screen[] = [];

beforeAll(async () => {
  engine = await startTestEngine({ JWT_SECRETS: `test:${secret}` });
  gateway = engine.app.get(LiveGateway, { strict: false });
});
afterEach(() => {
  for (const screen of screens.splice(0)) screen.disconnect();
});
afterAll(() => engine.stop());

function connect(token?: unknown, transports = ['websocket']): Screen {
  const auth = token === undefined ? {} : { token };
  const screen: Screen = io(engine.url, { auth, transports, reconnection: false, forceNew: true });
  screens.push(screen);
  return screen;
}
const connected = (screen: Screen): Promise<void> =>
  new Promise((resolve, reject) => {
    screen.once('connect', resolve);
    screen.once('connect_error', reject);
  });
const nextTarget = (screen: Screen): Promise<unknown> =>
  new Promise((resolve) => screen.once('target.updated', resolve));

describe('live updates', () => {
  it('are refused without a token, with a bad one and with an API key', async () => {
    const key = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'k', scopes: ['api'], role: 'admin' },
    });
    for (const token of [undefined, '', 'nonsense', 42, { a: 1 }, `${engine.adminToken}x`, key.body.key]) {
      await expect(connected(connect(token))).rejects.toThrow('unauthenticated');
    }
    await expect(connected(connect('nonsense', ['polling']))).rejects.toThrow('unauthenticated');
  });

  it('reach everybody who is signed in, over either transport, and nobody else', async () => {
    const all = [connect(engine.adminToken), connect(engine.adminToken, ['polling'])];
    await Promise.all(all.map(connected));
    const stranger = connect('nonsense');
    const heard: unknown[] = [];
    stranger.on('target.updated', (message) => heard.push(message));
    await expect(connected(stranger)).rejects.toThrow();
    const received = Promise.all(all.map((screen) => nextTarget(screen)));
    expect(gateway.hasClients).toBe(true);
    const message = { target_id: newId() };
    gateway.push('target.updated', message);
    expect(await received).toEqual([message, message]);
    expect(heard).toEqual([]);
  });

  it('bring the output of an execution to who follows it, until they leave', async () => {
    const [follower, other] = [connect(engine.adminToken), connect(engine.adminToken)];
    await Promise.all([connected(follower), connected(other)]);
    const execution = { execution_id: newId() };
    const output = { ...execution, chunks: [] };
    const heard: string[] = [];
    follower.on('execution.output', () => heard.push('follower'));
    other.on('execution.output', () => heard.push('other'));
    expect(gateway.hasFollowers(execution.execution_id)).toBe(false);
    expect(await follower.timeout(5000).emitWithAck('execution.follow', execution)).toBe(true);
    expect(gateway.hasFollowers(execution.execution_id)).toBe(true);
    gateway.pushToExecution(execution.execution_id, 'execution.output', output);
    await until(() => heard.length === 1, { description: 'the follower sees output' });
    expect(await follower.timeout(5000).emitWithAck('execution.unfollow', execution)).toBe(true);
    gateway.pushToExecution(execution.execution_id, 'execution.output', output);
    // Messages of one socket come in order: when this one is there, the other would have been.
    const done = Promise.all([nextTarget(follower), nextTarget(other)]);
    gateway.push('target.updated', { target_id: newId() });
    await done;
    expect(heard).toEqual(['follower']);
  });

  it('do not let a screen into a room that is no execution', async () => {
    const screen = connect(engine.adminToken);
    await connected(screen);
    for (const execution_id of ['', 'x', `user:${newId()}`]) {
      expect(await screen.timeout(5000).emitWithAck('execution.follow', { execution_id })).toBe(false);
    }
    expect(screen.connected).toBe(true);
  });

  it('end at once for a user who is disabled', async () => {
    const user = await engine.api<UserDto>('POST', '/users', {
      body: { username: 'gone', role: 'viewer', password },
    });
    const login = await engine.api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username: 'gone', password },
    });
    const [screen, admin] = [connect(login.body.access_token), connect(engine.adminToken)];
    await Promise.all([connected(screen), connected(admin)]);
    const ended = new Promise((resolve) => screen.once('disconnect', resolve));
    await engine.api('PATCH', `/users/${user.body.id}`, { body: { disabled: true } });
    await ended;
    expect(admin.connected).toBe(true);
    await expect(connected(connect(login.body.access_token))).rejects.toThrow('unauthenticated');
  });

  it('end when the token does', async () => {
    const now = JSON.parse(
      Buffer.from(engine.adminToken.split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<'sub' | 'sid', string>;
    const claims = { name: 'admin', role: 'admin', sid: now.sid, exp: Date.now() / 1000 + 1 };
    const token = new JwtService().sign(claims, {
      secret,
      header: { alg: 'HS256', typ: 'at+jwt' },
      keyid: 'test',
      subject: now.sub,
      issuer: 'aiops',
      audience: 'aiops-api',
    });
    const screen = connect(token);
    await connected(screen);
    await until(() => screen.disconnected, { description: 'the connection ends with its token' });
  });
});
