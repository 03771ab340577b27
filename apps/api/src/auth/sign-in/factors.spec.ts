import type { PageDto, SessionDto, UserDto } from '@aiops/contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { PasswordFactor } from './password-factor.service.js';
import { SignIn } from './sign-in.service.js';

const WHO = { username: 'mia', password: 'a long enough password' };
let engine: TestEngine;
let sql: pg.Client;
let user: UserDto;

beforeAll(async () => {
  engine = await startTestEngine();
  sql = new pg.Client({ connectionString: engine.databaseUrl });
  await sql.connect();
  user = (await engine.api<UserDto>('POST', '/users', { body: { ...WHO, role: 'viewer' } })).body;
});
afterAll(async () => {
  await sql.end();
  await engine.stop();
});

const count = async (query: string): Promise<number> =>
  Number((await sql.query<{ count: string }>(query, [user.id])).rows[0]?.count);
/** What there is of somebody who is signed in. */
const traces = async () => ({
  sessions: await count('SELECT count(*) FROM sessions WHERE user_id = $1'),
  signIns: await count(
    `SELECT count(*) FROM (SELECT action, subject_id FROM audit_intake UNION ALL SELECT action, subject_id FROM audit_log) a
     WHERE action = 'user.signed_in' AND subject_id = $1`,
  ),
  noted: await count('SELECT count(*) FROM users WHERE id = $1 AND last_login_at IS NOT NULL'),
});

describe('the steps of signing in (R1.5)', () => {
  it('a password that is proved lets nobody in yet: what else is asked for comes before the session', async () => {
    const proven = await engine.app
      .get(PasswordFactor, { strict: false })
      .prove(WHO.username, WHO.password, null);
    expect(proven).toMatchObject({ user: { id: user.id }, methods: ['pwd'] });
    expect(await traces()).toEqual({ sessions: 0, signIns: 0, noted: 0 });

    const signedIn = await engine.app.get(SignIn, { strict: false }).complete(proven, null);
    expect(await traces()).toEqual({ sessions: 1, signIns: 1, noted: 1 });
    const { body } = await engine.api<PageDto<SessionDto>>('GET', '/auth/sessions', {
      token: signedIn.accessToken,
    });
    expect(body.data.map(({ methods, current }) => ({ methods, current }))).toEqual([
      { methods: ['pwd'], current: true },
    ]);
  });

  it('a session says in which ways its person proved who they are, whatever they were', async () => {
    const signIn = engine.app.get(SignIn, { strict: false });
    const proven = await engine.app
      .get(PasswordFactor, { strict: false })
      .prove(WHO.username, WHO.password, null);
    const { refreshToken } = await signIn.complete({ ...proven, methods: ['oidc'] }, null);
    // It goes on through refreshes: nobody proves anything by them.
    const again = await signIn.refresh(refreshToken);
    const { rows } = await sql.query(
      'SELECT methods FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id WHERE t.used_at IS NOT NULL',
    );
    expect(rows).toEqual([{ methods: ['oidc'] }]);
    expect(again.user.id).toBe(user.id);
  });
});
