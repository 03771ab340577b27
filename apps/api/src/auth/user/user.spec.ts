import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageDto, Problem, UserDto } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const password = 'a long enough password';
let engine: TestEngine;
let self: UserDto;

beforeAll(async () => {
  engine = await startTestEngine();
  self = (await engine.api<UserDto>('GET', '/auth/me')).body;
});
afterAll(() => engine.stop());

const create = (input: object) =>
  engine.api<UserDto & Problem>('POST', '/users', { body: { password, ...input } });
const change = (id: string, body: object, token?: string) =>
  engine.api<UserDto & Problem>('PATCH', `/users/${id}`, { body, token });
const tokenOf = async (username: string): Promise<string> => {
  const answer = await engine.api<{ access_token: string }>('POST', '/auth/login', {
    token: null,
    body: { username, password },
  });
  return answer.body.access_token;
};

describe('users', () => {
  it('are made, read, changed and removed', async () => {
    const made = await create({ username: 'alice', display_name: 'Alice', role: 'responder' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/users/${made.body.id}`);
    expect(made.body).toMatchObject({
      username: 'alice',
      display_name: 'Alice',
      role: 'responder',
      disabled: false,
    });
    expect((await engine.api('GET', `/users/${made.body.id}`)).body).toEqual(made.body);
    const changed = await change(made.body.id, { role: 'engineer', display_name: 'Alice A.' });
    expect(changed.body).toMatchObject({ role: 'engineer', display_name: 'Alice A.', username: 'alice' });
    expect((await engine.api('DELETE', `/users/${made.body.id}`)).status).toBe(204);
    expect((await engine.api('GET', `/users/${made.body.id}`)).status).toBe(404);
    expect((await change(made.body.id, { role: 'viewer' })).status).toBe(404);
  });

  it('are listed, searched and cut down to the wanted fields', async () => {
    await create({ username: 'bert', role: 'viewer' });
    const list = await engine.api<PageDto<UserDto>>('GET', '/users?q=BER&fields=username,role');
    expect(list.body).toEqual({
      data: [{ username: 'bert', role: 'viewer' }],
      pagination: { total: 1, total_is_estimate: false, next_cursor: null, has_more: false },
    });
    expect((await engine.api('GET', '/users?fields=password_hash')).status).toBe(400);
  });

  it('have names of their own', async () => {
    await create({ username: 'chris', role: 'viewer' });
    const again = await create({ username: 'CHRIS', role: 'viewer' });
    expect(again.status).toBe(409);
    expect(again.body.detail).toBe('There is already a user called "chris".');
  });

  it('are refused with a short password, a strange name or an unknown role', async () => {
    const answer = await create({ username: 'a b', role: 'root', password: 'short' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.field).sort()).toEqual(['password', 'role', 'username']);
  });

  it('are the business of administrators alone', async () => {
    await create({ username: 'dan', role: 'engineer' });
    const token = await tokenOf('dan');
    for (const [method, path] of [
      ['GET', '/users'],
      ['POST', '/users'],
      ['GET', `/users/${self.id}`],
      ['DELETE', `/users/${self.id}`],
      ['GET', '/api-keys'],
      ['POST', '/api-keys'],
    ] as const) {
      expect((await engine.api(method, path, { token })).status).toBe(403);
    }
    expect((await engine.api('GET', '/auth/me', { token })).status).toBe(200);
  });
});

describe('the last administrator', () => {
  it('cannot be removed, disabled or demoted, nor can one do that to oneself', async () => {
    const path = `/users/${self.id}`;
    for (const answer of [
      await engine.api('DELETE', path),
      await change(self.id, { disabled: true }),
      await change(self.id, { role: 'viewer' }),
    ]) {
      expect(answer.status).toBe(409);
    }
    const key = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'robot', role: 'admin', scopes: ['api'] },
    });
    const byKey = await change(self.id, { disabled: true }, key.body.key);
    expect(byKey.status).toBe(409);
    expect(byKey.body.detail).toContain('last administrator');
    expect((await change(self.id, { display_name: 'The one' })).body.display_name).toBe('The one');
  });

  it('remains even when two administrators remove each other at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = (await create({ username: `rival${round}`, role: 'admin' })).body;
      const rivalToken = await tokenOf(`rival${round}`);
      const answers = await Promise.all([
        change(other.id, { role: 'viewer' }),
        change(self.id, { role: 'viewer' }, rivalToken),
      ]);
      // Whoever comes second is no administrator any more, or would remove the last one.
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      if (answers[1].status === 200) {
        expect((await change(self.id, { role: 'admin' }, rivalToken)).status).toBe(200);
        expect((await change(other.id, { role: 'viewer' })).status).toBe(200);
      }
    }
  });
});
