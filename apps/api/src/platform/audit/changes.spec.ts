import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { DatabaseSession } from '../database/database-session.js';
import { newTraceId } from '../observability/trace-context.js';
import type { World } from './change-makers.fixture.js';
import { changes as others, exceptions } from './changes.fixture.js';
import { factorChanges, PUBLIC_URL } from './factor-changes.fixture.js';

const changes = { ...others, ...factorChanges };

let engine: TestEngine;
let world: World;
let adminId: string;

beforeAll(async () => {
  // Without a worker, what is asked for stays as it is.
  engine = await startTestEngine({ AIOPS_ROLE: 'api', PUBLIC_URL });
  const { manager } = engine.app.get(DatabaseSession);
  world = { api: engine.api, sql: (text, values) => manager.query(text, values) };
  adminId = (await engine.api<{ id: string }>('GET', '/auth/me')).body.id;
});
afterAll(() => engine.stop());

interface Entry {
  action: string;
  actor_kind: string;
  actor_id: string | null;
  remote_address: string | null;
}

const entriesOf = (traceId: string): Promise<Entry[]> =>
  world.sql('SELECT * FROM audit_log WHERE trace_id = $1', [traceId]) as Promise<Entry[]>;

/** `POST /users/{id}` for each route of the document that may change something. */
async function changingRoutes(): Promise<string[]> {
  const answer = await fetch(`${engine.url}/api/v1/openapi.json`);
  const { paths } = (await answer.json()) as OpenAPIObject;
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .map((route) => route.replace(' /api/v1', ' '))
    .filter((route) => /^(POST|PUT|PATCH|DELETE) /.test(route));
}

describe('whatever is changed through the API', () => {
  it('is in this list: a new route says in changes.fixture.ts how it is called', async () => {
    const known = [...Object.keys(changes), ...Object.keys(exceptions)];
    expect(known.toSorted()).toEqual((await changingRoutes()).toSorted());
  });

  it.each(Object.entries(changes))('leaves an entry: %s', async (route, prepare) => {
    const { path, body, headers = {}, token } = await prepare(world);
    const traceId = newTraceId();
    const [method = ''] = route.split(' ');
    const answer = await engine.api(method, path, {
      body,
      headers: { 'X-Trace-ID': traceId, ...headers },
      ...(token === undefined ? {} : { token }),
    });
    expect([answer.status, answer.body]).toEqual([
      expect.toSatisfy((s: number) => s >= 200 && s < 300),
      answer.body,
    ]);
    const entries = await entriesOf(traceId);
    expect(entries).not.toEqual([]);
    const mine = token === undefined ? { actor_kind: 'user', actor_id: adminId } : { actor_kind: 'user' };
    for (const entry of entries) expect(entry).toMatchObject({ ...mine, remote_address: '127.0.0.1' });
  });

  it('leaves nothing secret there', async () => {
    const rows = await world.sql(`SELECT a::text AS text FROM audit_log a WHERE a::text ~* 'not.to.be.seen'`);
    expect(rows).toEqual([]);
    expect(await world.sql('SELECT 1 FROM audit_log LIMIT 50')).toHaveLength(50);
  });
});

describe('what was not done', () => {
  const asked = async (path: string, body: object | undefined, token: string | null): Promise<Entry[]> => {
    const traceId = newTraceId();
    await engine.api('POST', path, { body, token, headers: { 'X-Trace-ID': traceId } });
    return entriesOf(traceId);
  };

  it('leaves an entry when a sign-in fails, without the name that nobody has', async () => {
    const wrong = (username: string) => asked('/auth/login', { username, password: 'wrong' }, null);
    expect(await wrong('admin')).toEqual([
      expect.objectContaining({
        action: 'user.sign_in_failed',
        outcome: 'failed',
        actor_kind: 'anonymous',
        subject_id: adminId,
        subject_name: 'admin',
      }),
    ]);
    expect(await wrong('hunter2')).toEqual([
      expect.objectContaining({ subject_id: null, subject_name: null }),
    ]);
  });

  it('leaves one entry a minute when somebody keeps asking for what their role does not allow', async () => {
    const person = { username: 'viewer', role: 'viewer', password: 'a long enough password' };
    const made = await engine.api<{ id: string }>('POST', '/users', { body: person });
    const { body } = await engine.api<{ access_token: string }>('POST', '/auth/login', {
      body: { username: person.username, password: person.password },
      token: null,
    });
    const attempt = () => asked('/api-keys', { name: 'mine' }, body.access_token);
    expect(await attempt()).toEqual([
      expect.objectContaining({
        action: 'route.refused',
        outcome: 'refused',
        actor_id: made.body.id,
        subject_kind: 'route',
        subject_id: 'POST /api/v1/api-keys',
        reason: 'This needs the role admin; yours is viewer.',
      }),
    ]);
    expect(await attempt()).toEqual([]);
  });

  it('leaves no entry when a change is refused by what it would change', async () => {
    expect(
      await asked(
        '/users',
        { username: 'admin', role: 'viewer', password: 'long enough one' },
        engine.adminToken,
      ),
    ).toEqual([]);
  });
});
