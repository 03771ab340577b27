import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginResponse, PageDto, Problem, UserDto } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const password = 'a long enough password';
const another = 'quite another one to remember';

/** A list of breaches that speaks the protocol of Have I Been Pwned. */
interface Breaches {
  url: string;
  asked: { path: string; padding: string | undefined }[];
  list(breached: string, count?: number): void;
  /** Answers with this status from now on. */
  answer(status: number): void;
  stop(): void;
}

async function startBreaches(): Promise<Breaches> {
  const asked: Breaches['asked'] = [];
  const lines = new Map<string, string[]>();
  let status = 200;
  const server: Server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', padding: request.headers['add-padding']?.toString() });
    const found = lines.get((request.url ?? '').slice('/range/'.length)) ?? [];
    response.writeHead(status).end(['0018A45C4D1DEF81644B54AB7F969B88D65:3', ...found].join('\r\n'));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`,
    asked,
    list: (breached, count = 42) => {
      const digest = createHash('sha1').update(breached).digest('hex').toUpperCase();
      lines.set(digest.slice(0, 5), [`${digest.slice(5)}:${count}`]);
    },
    answer: (next) => {
      status = next;
    },
    stop: () => server.close(),
  };
}

let engine: TestEngine;
let breaches: Breaches;
beforeAll(async () => {
  breaches = await startBreaches();
  engine = await startTestEngine({ PASSWORD_BREACH_LIST_URL: breaches.url, OUTBOUND_ALLOWED: '' });
});
afterAll(async () => {
  await engine.stop();
  breaches.stop();
});

const make = (username: string, more: object = {}) =>
  engine.api<UserDto & Problem>('POST', '/users', {
    body: { username, role: 'engineer', password, ...more },
  });
const login = (username: string, secret = password) =>
  engine.api<LoginResponse>('POST', '/auth/login', { token: null, body: { username, password: secret } });
const tokenOf = async (username: string): Promise<string> => (await login(username)).body.access_token;
const change = (token: string, new_password: string, current_password = password) =>
  engine.api<Problem>('POST', '/auth/password', { token, body: { current_password, new_password } });
const me = (token: string) => engine.api<UserDto>('GET', '/auth/me', { token });

describe('changing one’s password', () => {
  it('takes the present one, ends all other sessions, and goes on in this one', async () => {
    await make('anna');
    const [here, elsewhere] = [await tokenOf('anna'), await tokenOf('anna')];
    expect((await change(here, another)).status).toBe(204);
    expect((await me(here)).status).toBe(200);
    expect((await me(elsewhere)).status).toBe(401);
    expect((await login('anna')).status).toBe(401);
    expect((await login('anna', another)).status).toBe(200);
    const { body } = await engine.api<PageDto<unknown>>('GET', '/audit-log?action=user.password_changed');
    expect(body.data).toEqual([
      expect.objectContaining({ actor: expect.objectContaining({ name: 'anna' }) as unknown }),
    ]);
    expect(JSON.stringify(body.data)).not.toContain('argon2');
  });

  it('is refused without the present one, with the same one, and with one that is no good', async () => {
    await make('bert');
    const token = await tokenOf('bert');
    const field = async (answer: ReturnType<typeof change>): Promise<unknown> =>
      (await answer).body.errors?.[0];
    expect(await field(change(token, another, 'guessed'))).toMatchObject({ field: 'current_password' });
    expect(await field(change(token, password))).toMatchObject({ field: 'new_password' });
    expect(await field(change(token, 'short'))).toMatchObject({ field: 'new_password' });
    expect(await field(change(token, 'Password12345'))).toMatchObject({ field: 'new_password' });
    expect((await login('bert')).status).toBe(200);
  });

  it('is nothing that a key can do, and slows down whoever guesses', async () => {
    const key = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'robot', role: 'admin', scopes: ['api'] },
    });
    expect((await change(key.body.key, another)).status).toBe(404);
    await make('carl');
    const token = await tokenOf('carl');
    const answers: number[] = [];
    for (let count = 0; count < 12; count += 1) answers.push((await change(token, another, 'no')).status);
    expect(answers.slice(0, 9)).toEqual(Array<number>(9).fill(400));
    expect(answers.at(-1)).toBe(429);
  });

  it('happens once when two changes come at the same moment', async () => {
    await make('dora');
    const token = await tokenOf('dora');
    const answers = await Promise.all([change(token, another), change(token, 'a third one for the race')]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await me(token)).status).toBe(200);
  });
});

describe('a password that somebody else chose', () => {
  it('lets in to nothing but choosing another one', async () => {
    await make('emil', { must_change_password: true });
    const { body } = await login('emil');
    expect(body.user.must_change_password).toBe(true);
    const token = body.access_token;
    for (const path of ['/alerts', '/auth/sessions', '/runbooks']) {
      const answer = await engine.api<Problem>('GET', path, { token });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.body.detail).toContain('Choose a password of your own first');
    }
    const socket = io(engine.url, { auth: { token }, transports: ['websocket'], reconnection: false });
    await expect(new Promise((_, fail) => socket.once('connect_error', fail))).rejects.toThrow(
      'unauthenticated',
    );
    expect((await me(token)).status).toBe(200);
    expect((await change(token, another)).status).toBe(204);
    expect((await engine.api('GET', '/alerts', { token })).status).toBe(200);
    expect((await me(token)).body.must_change_password).toBe(false);
  });

  it('is one that an administrator gives anew, and then counts at once', async () => {
    const { body } = await make('fritz');
    const token = await tokenOf('fritz');
    const changed = await engine.api<UserDto>('PATCH', `/users/${body.id}`, {
      body: { must_change_password: true },
    });
    expect(changed.body.must_change_password).toBe(true);
    expect((await engine.api('GET', '/alerts', { token })).status).toBe(403);
  });
});

describe('the list of breaches', () => {
  it('is asked with five digits of a hash, and what is on it is refused', async () => {
    breaches.list('correct horse battery staple');
    const digest = createHash('sha1').update('correct horse battery staple').digest('hex').toUpperCase();
    const refused = await make('gina', { password: 'correct horse battery staple' });
    expect(refused.status).toBe(400);
    expect(refused.body.errors?.[0]).toMatchObject({
      field: 'password',
      message: expect.stringContaining('stolen') as unknown,
    });
    expect(breaches.asked.at(-1)).toEqual({ path: `/range/${digest.slice(0, 5)}`, padding: 'true' });
    expect(JSON.stringify(breaches.asked)).not.toContain(digest.slice(5));
  });

  it('is padded with hashes that nobody has used', async () => {
    breaches.list('a passphrase of some words', 0);
    expect((await make('hans', { password: 'a passphrase of some words' })).status).toBe(201);
  });

  it('keeps nobody from a new password while it is away', async () => {
    breaches.answer(503);
    expect((await make('ida', { password: 'correct horse battery staple' })).status).toBe(201);
    breaches.answer(200);
  });
});
