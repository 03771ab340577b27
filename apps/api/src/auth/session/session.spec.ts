import type { LoginResponse, PageDto, Problem, SessionDto, UserDto } from '@aiops/contracts';
import { until } from '@aiops/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { testBrowser, type TestBrowser } from '../../testing/browser.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { KnownSessions } from './known-sessions.js';
import { SessionHousekeeping } from './session.housekeeping.js';
import { SessionRepository } from './session.repository.js';

const HOUR_MS = 3_600_000;
const PASSWORD = 'a long enough password';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let one: TestEngine;
let other: TestEngine;
let sql: pg.Client;

beforeAll(async () => {
  one = await startTestEngine();
  other = await startTestEngine({ DATABASE_URL: one.databaseUrl });
  sql = new pg.Client({ connectionString: one.databaseUrl });
  await sql.connect();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await sql.end();
  await other.stop();
  await one.stop();
});

let people = 0;
interface Person {
  id: string;
  browser: TestBrowser;
  token: string;
  signIn(browser?: TestBrowser): Promise<string>;
}

/** Somebody new, signed in on one browser. */
async function person(role = 'viewer'): Promise<Person> {
  const username = `person-${(people += 1)}`;
  const made = await one.api<UserDto>('POST', '/users', { body: { username, role, password: PASSWORD } });
  const browser = testBrowser(one, FIREFOX);
  const signIn = async (at = browser): Promise<string> => {
    const answer = await at.call<LoginResponse>('POST', '/auth/login', {
      body: { username, password: PASSWORD },
    });
    expect(answer.status).toBe(200);
    return answer.body.access_token;
  };
  return { id: made.body.id, browser, token: await signIn(), signIn };
}

const refresh = (browser: TestBrowser) => browser.call<LoginResponse & Problem>('POST', '/auth/refresh');
const statusOf = async (engine: TestEngine, token: string): Promise<number> =>
  (await engine.api('GET', '/auth/me', { token })).status;
const sessionsOf = async (token: string): Promise<SessionDto[]> =>
  (await one.api<PageDto<SessionDto>>('GET', '/auth/sessions', { token })).body.data;
const auditOf = async (subjectId: string): Promise<{ action: string; reason: string | null }[]> =>
  (
    await sql.query<{ action: string; reason: string | null }>(
      'SELECT action, reason FROM audit_log WHERE subject_id = $1 ORDER BY position',
      [subjectId],
    )
  ).rows;

/** Lets time pass for both engines. */
function later(ms: number): void {
  for (const engine of [one, other]) {
    vi.spyOn(engine.app.get(Clock, { strict: false }), 'now').mockImplementation(
      () => new Date(Date.now() + ms),
    );
  }
}

describe('a refresh token (R1.5)', () => {
  it('comes in a cookie that no script, no other site and no other path gets', async () => {
    const { browser } = await person();
    const answer = await refresh(browser);
    const [token, hint] = answer.headers.getSetCookie();
    expect(token).toMatch(
      /^aiops_refresh=[\w-]{43}; Path=\/api\/v1\/auth; HttpOnly; Max-Age=2591\d{3}; SameSite=Strict$/,
    );
    expect(hint).toMatch(/^aiops_signed_in=1; Path=\/; Max-Age=2591\d{3}; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(answer.body)).not.toContain(browser.cookie.split('=')[1]);
  });

  it('is kept as a hash alone', async () => {
    const { browser, id } = await person();
    const old = browser.cookie.split('=')[1] ?? '';
    await refresh(browser);
    const fresh = browser.cookie.split('=')[1] ?? '';
    const { rows } = await sql.query(
      'SELECT t.*, s.* FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1',
      [id],
    );
    expect(rows).toHaveLength(2);
    for (const token of [old, fresh]) expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is exchanged for another one with every use, on whichever replica', async () => {
    const { browser } = await person();
    const seen = new Set([browser.cookie]);
    for (const engine of [one, other, one, other]) {
      const there = testBrowser(engine, FIREFOX, browser.cookie);
      const answer = await refresh(there);
      expect(answer.status).toBe(200);
      expect(answer.body.user.username).toBe(`person-${people}`);
      expect(await statusOf(one, answer.body.access_token)).toBe(200);
      browser.cookie = there.cookie;
      seen.add(browser.cookie);
    }
    expect(seen.size).toBe(5);
  });

  it('is missing or made up: refused in the same words', async () => {
    for (const cookie of ['', 'aiops_refresh=made-up', 'aiops_refresh=', 'other=x']) {
      const answer = await refresh(testBrowser(one, FIREFOX, cookie));
      expect(answer.status).toBe(401);
      expect(answer.body.detail).toBe('Your session has ended. Sign in again.');
    }
  });

  it('of a session that is over is refused, and says why to who has it', async () => {
    const why = async (browser: TestBrowser): Promise<string> => {
      const answer = await refresh(browser);
      expect(answer.status).toBe(401);
      return answer.body.detail ?? '';
    };
    const [left, sentAway, idle] = [await person(), await person(), await person()];
    const stays = await left.signIn(testBrowser(one));
    const session = (await sessionsOf(left.token)).find(({ current }) => current);
    await one.api('DELETE', `/auth/sessions/${session?.id ?? ''}`, { token: stays });
    expect(await why(left.browser)).toContain('You ended this session');
    await one.api('DELETE', `/users/${sentAway.id}/sessions`);
    expect(await why(sentAway.browser)).toContain('An administrator ended');
    later(8 * 24 * HOUR_MS);
    expect(await why(idle.browser)).toContain('was not used for too long');
  });

  it('is not refreshed by pages of other origins', async () => {
    const { browser } = await person();
    const answer = await browser.call('POST', '/auth/refresh', {
      headers: { Origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('a refresh token that is used twice (R1.5)', () => {
  it('ends the session for both who have it, and is audited', async () => {
    const { browser, token } = await person();
    const [session] = await sessionsOf(token);
    const stolen = browser.cookie;
    const fresh = await refresh(browser);
    expect(await statusOf(other, fresh.body.access_token)).toBe(200);
    later(11_000);
    const thief = testBrowser(other, 'thief', stolen);
    expect((await refresh(thief)).status).toBe(401);
    // Neither the successor nor any access token is good any more, and the owner is told what happened.
    const refused = await refresh(browser);
    expect(refused.status).toBe(401);
    expect(refused.body.detail).toContain('used twice');
    expect(await statusOf(other, fresh.body.access_token)).toBe(401);
    await until(async () => (await statusOf(one, fresh.body.access_token)) === 401, {
      description: 'the other replica to hear',
    });
    const audited = await auditOf(session?.id ?? '');
    expect(audited.map(({ action }) => action)).toEqual(['session.token_reused']);
    expect(audited[0]?.reason).toContain('used a second time');
  });

  it('does so however old the token is', async () => {
    const { browser, token } = await person();
    const first = browser.cookie;
    for (let count = 0; count < 3; count += 1) expect((await refresh(browser)).status).toBe(200);
    later(2 * HOUR_MS);
    expect((await refresh(testBrowser(one, '', first))).status).toBe(401);
    expect((await refresh(browser)).status).toBe(401);
    expect(await statusOf(one, token)).toBe(401);
  });

  it('is no theft when tabs refresh at the same moment, on both replicas: all get the same successor', async () => {
    const { browser } = await person();
    const tabs = Array.from({ length: 12 }, (_, index) =>
      testBrowser(index % 2 === 0 ? one : other, FIREFOX, browser.cookie),
    );
    const answers = await Promise.all(tabs.map(refresh));
    expect(answers.map(({ status }) => status)).toEqual(new Array(12).fill(200));
    expect(new Set(tabs.map(({ cookie }) => cookie)).size).toBe(1);
    const again = await Promise.all(tabs.map(refresh));
    expect(again.map(({ status }) => status)).toEqual(new Array(12).fill(200));
    const { rows } = await sql.query<{ count: string }>(
      `SELECT count(*) FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
       WHERE u.username = $1`,
      [`person-${people}`],
    );
    expect(rows[0]?.count).toBe('3');
  });

  it('is no theft either when an answer was lost on its way', async () => {
    const { browser } = await person();
    const before = browser.cookie;
    await refresh(browser);
    const after = browser.cookie;
    later(9_000);
    const repeated = testBrowser(one, FIREFOX, before);
    expect((await refresh(repeated)).status).toBe(200);
    expect(repeated.cookie).toBe(after);
  });
});

describe('a session (R1.5)', () => {
  it('is listed with its device, address and last use, and says which one asks', async () => {
    const { token, signIn } = await person();
    const phone = testBrowser(
      one,
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    );
    const onPhone = await signIn(phone);
    const sessions = await sessionsOf(token);
    expect(sessions.map(({ device, current }) => [device, current]).sort()).toEqual([
      ['Firefox on Linux', true],
      ['Safari on iPhone', false],
    ]);
    expect(sessions[0]).toMatchObject({ address: '127.0.0.1', methods: ['pwd'] });
    const [there] = (await sessionsOf(onPhone)).filter(({ current }) => current);
    expect(there?.device).toBe('Safari on iPhone');
    const lifetime = Date.parse(there?.expires_at ?? '') - Date.parse(there?.created_at ?? '');
    expect(lifetime).toBe(30 * 24 * HOUR_MS);
  });

  it('is nobody else’s to see or to end', async () => {
    const [mine, theirs] = [await person(), await person()];
    const [session] = await sessionsOf(theirs.token);
    expect((await sessionsOf(mine.token)).map(({ id }) => id)).not.toContain(session?.id);
    const answer = await one.api('DELETE', `/auth/sessions/${session?.id ?? ''}`, { token: mine.token });
    expect(answer.status).toBe(404);
    expect(await statusOf(one, theirs.token)).toBe(200);
  });

  it('is ended from the list: its tokens are refused at once, here and on the other replica', async () => {
    const { token, browser, signIn } = await person();
    const lost = testBrowser(one, 'lost-phone');
    const lostToken = await signIn(lost);
    expect(await statusOf(other, lostToken)).toBe(200);
    const session = (await sessionsOf(token)).find(({ current }) => !current);
    expect((await one.api('DELETE', `/auth/sessions/${session?.id ?? ''}`, { token })).status).toBe(204);
    expect(await statusOf(one, lostToken)).toBe(401);
    await until(async () => (await statusOf(other, lostToken)) === 401, {
      description: 'the other replica to hear',
    });
    expect((await refresh(lost)).status).toBe(401);
    expect((await refresh(browser)).status).toBe(200);
    expect((await one.api('DELETE', `/auth/sessions/${session?.id ?? ''}`, { token })).status).toBe(404);
    expect(await auditOf(session?.id ?? '')).toEqual([{ action: 'session.ended', reason: 'ended_by_user' }]);
  });

  it('stays when its person ends all others, which end on every replica', async () => {
    const [mine, theirs] = [await person(), await person()];
    const others = [await mine.signIn(testBrowser(one)), await mine.signIn(testBrowser(other))];
    for (const token of others) expect(await statusOf(other, token)).toBe(200);
    expect((await one.api('DELETE', '/auth/sessions', { token: mine.token })).status).toBe(204);
    for (const token of others) {
      expect(await statusOf(one, token)).toBe(401);
      await until(async () => (await statusOf(other, token)) === 401, {
        description: 'the other replica to hear',
      });
    }
    expect(await sessionsOf(mine.token)).toHaveLength(1);
    expect((await refresh(mine.browser)).status).toBe(200);
    expect(await statusOf(one, theirs.token)).toBe(200);
  });

  it('is looked up in the database once in a while, and not with every request', async () => {
    const { token } = await person();
    const lookUps = vi.spyOn(one.app.get(SessionRepository, { strict: false }), 'findWithUser');
    one.app.get(KnownSessions, { strict: false }).forgetAll();
    await Promise.all(Array.from({ length: 100 }, () => statusOf(one, token)));
    expect(lookUps.mock.calls.length).toBe(1);
  });

  it('is signed out by its cookie, by its access token, or by both', async () => {
    for (const by of ['cookie', 'token', 'both'] as const) {
      const { browser, token } = await person();
      const { cookie } = browser;
      const at = by === 'token' ? testBrowser(one) : browser;
      const answer = await at.call('POST', '/auth/logout', { token: by === 'cookie' ? null : token });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
      expect(await statusOf(one, token)).toBe(401);
      expect((await refresh(testBrowser(one, '', cookie))).status).toBe(401);
    }
    expect((await testBrowser(one).call('POST', '/auth/logout')).status).toBe(204);
    expect((await testBrowser(one).call('POST', '/auth/logout', { token: 'nonsense' })).status).toBe(204);
  });

  it('is signed out everywhere with all others of its person, and nobody else’s', async () => {
    const [mine, theirs] = [await person(), await person()];
    const phone = testBrowser(other, 'phone');
    const onPhone = await mine.signIn(phone);
    const answer = await mine.browser.call('POST', '/auth/logout-all', { token: mine.token });
    expect(answer.status).toBe(204);
    for (const token of [mine.token, onPhone]) expect(await statusOf(one, token)).toBe(401);
    await until(async () => (await statusOf(other, onPhone)) === 401, {
      description: 'the other replica to hear',
    });
    expect((await refresh(phone)).status).toBe(401);
    expect(await statusOf(one, theirs.token)).toBe(200);
    expect(await statusOf(one, await mine.signIn())).toBe(200);
  });

  it('ends when an administrator ends all of a user’s', async () => {
    const { id, token, browser } = await person();
    expect((await one.api('DELETE', `/users/${id}/sessions`, { token })).status).toBe(403);
    expect((await one.api('DELETE', `/users/${id}/sessions`)).status).toBe(204);
    expect(await statusOf(one, token)).toBe(401);
    expect((await refresh(browser)).status).toBe(401);
  });

  it('ends when its person signs in again in the same browser, who then has one and not two', async () => {
    const { token, signIn } = await person();
    const again = await signIn();
    expect(await statusOf(one, token)).toBe(401);
    expect(await sessionsOf(again)).toHaveLength(1);
  });

  it('of someone who has fifty makes room for one more by ending the one not used for longest', async () => {
    const { token, signIn, id } = await person();
    const tokens: string[] = [];
    for (let count = 0; count < 49; count += 1) tokens.push(await signIn(testBrowser(one)));
    await sql.query(`UPDATE sessions SET last_active_at = now() - interval '1 hour' WHERE id = $1`, [
      (await sessionsOf(token)).find(({ current }) => current)?.id,
    ]);
    one.app.get(KnownSessions, { strict: false }).forgetAll();
    await signIn(testBrowser(one));
    expect(await statusOf(one, token)).toBe(401);
    expect(await statusOf(one, tokens[0] ?? '')).toBe(200);
    const { rows } = await sql.query(
      'SELECT end_reason FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL',
      [id],
    );
    expect(rows).toEqual([{ end_reason: 'too_many' }]);
  });

  it('has ended for who is disabled or has another password, on every replica, refresh token and all', async () => {
    for (const change of [{ disabled: true }, { password: 'another long password' }]) {
      const { id, browser, token } = await person();
      expect(await statusOf(other, token)).toBe(200);
      expect((await one.api('PATCH', `/users/${id}`, { body: change })).status).toBe(200);
      expect(await statusOf(one, token)).toBe(401);
      await until(async () => (await statusOf(other, token)) === 401, {
        description: 'the other replica to hear',
      });
      expect((await refresh(browser)).status).toBe(401);
      // Nor does it come back with its person.
      if ('disabled' in change) await one.api('PATCH', `/users/${id}`, { body: { disabled: false } });
      expect((await refresh(browser)).status).toBe(401);
    }
  });

  it('may do at once what the new role of its person allows, and no more, on every replica', async () => {
    const { id, token } = await person('admin');
    const list = async (engine: TestEngine) => (await engine.api('GET', '/users', { token })).status;
    expect([await list(one), await list(other)]).toEqual([200, 200]);
    expect((await one.api('PATCH', `/users/${id}`, { body: { role: 'viewer' } })).status).toBe(200);
    expect(await list(one)).toBe(403);
    await until(async () => (await list(other)) === 403, { description: 'the other replica to hear' });
  });
});

describe('time (R1.5)', () => {
  it('ends a session that was not used, and its refresh token with it', async () => {
    const { browser } = await person();
    later(7 * 24 * HOUR_MS - 60_000);
    expect((await refresh(browser)).status).toBe(200);
    later(14 * 24 * HOUR_MS);
    expect((await refresh(browser)).status).toBe(401);
  });

  it('ends a session that was used all the time, thirty days after it began', async () => {
    const { browser } = await person();
    for (const days of [6, 12, 18, 24, 29.9]) {
      later(days * 24 * HOUR_MS);
      const answer = await refresh(browser);
      expect(answer.status).toBe(200);
      // The cookie ends with the session, and so does the access token.
      const left = (30 - days) * 24 * 3600;
      expect(Number(/Max-Age=(\d+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1])).toBeLessThanOrEqual(
        left,
      );
    }
    later(30 * 24 * HOUR_MS);
    expect((await refresh(browser)).status).toBe(401);
  });

  it('clears away what is over: sessions, their refresh tokens, and keys', async () => {
    const { id, browser, token } = await person();
    const [session] = await sessionsOf(token);
    await refresh(browser);
    await one.api('POST', '/auth/logout', { token });
    await one.api('POST', '/signing-keys/rotate');
    const housekeeping = one.app.get(SessionHousekeeping, { strict: false });
    await housekeeping.sweep();
    const rows = async () => (await sql.query('SELECT 1 FROM sessions WHERE user_id = $1', [id])).rows.length;
    expect(await rows()).toBe(1);
    later(31 * 24 * HOUR_MS);
    const removed = await housekeeping.sweep();
    expect(removed.sessions).toBeGreaterThanOrEqual(1);
    expect(removed.signingKeys).toBeGreaterThanOrEqual(1);
    expect(await rows()).toBe(0);
    const tokens = await sql.query('SELECT 1 FROM refresh_tokens WHERE session_id = $1', [session?.id]);
    expect(tokens.rows).toEqual([]);
  });
});
