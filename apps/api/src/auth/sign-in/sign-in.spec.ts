import type { LoginResponse, Problem, UserDto } from '@aiops/contracts';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { testBrowser, type TestBrowser } from '../../testing/browser.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { PasswordHashing } from '../password.js';
import { policies } from './throttle-rules.js';

const PASSWORD = 'a long enough password';
let engine: TestEngine;
let other: TestEngine;
let sql: pg.Client;

beforeAll(async () => {
  engine = await startTestEngine({ TRUSTED_PROXIES: 'loopback' });
  other = await startTestEngine({ TRUSTED_PROXIES: 'loopback', DATABASE_URL: engine.databaseUrl });
  sql = new pg.Client({ connectionString: engine.databaseUrl });
  await sql.connect();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await sql.end();
  await other.stop();
  await engine.stop();
});

let last = 0;
const newAddress = (): string => `198.18.${(last += 1) >> 8}.${last & 255}`;
async function makeUser(): Promise<UserDto> {
  const username = `guessed-${(last += 1)}`;
  const made = await engine.api<UserDto>('POST', '/users', {
    body: { username, role: 'viewer', password: PASSWORD },
  });
  return made.body;
}

interface Attempt {
  password?: string;
  from?: string;
  at?: TestBrowser;
}
const signIn = (username: string, { password = PASSWORD, from = newAddress(), at }: Attempt = {}) =>
  (at ?? testBrowser(engine)).call<LoginResponse & Problem>('POST', '/auth/login', {
    body: { username, password },
    headers: { 'X-Forwarded-For': from },
  });
const guess = (username: string, attempt: Attempt = {}) =>
  signIn(username, { password: 'wrong', ...attempt });

/** Guesses until it is told to wait. @returns how many guesses were answered */
async function guessUntilRefused(username: string, attempt: () => Attempt): Promise<number> {
  for (let count = 0; count < 200; count += 1) {
    if ((await guess(username, attempt())).status === 429) return count;
  }
  throw new Error('nobody was ever told to wait');
}

function later(ms: number): void {
  for (const { app } of [engine, other]) {
    vi.spyOn(app.get(Clock, { strict: false }), 'now').mockImplementation(() => new Date(Date.now() + ms));
  }
}

describe('a sign-in that fails (R1.5)', () => {
  it('says the same and does the same work for a wrong password, nobody, and somebody who is disabled', async () => {
    const [known, disabled] = [await makeUser(), await makeUser()];
    await engine.api('PATCH', `/users/${disabled.id}`, { body: { disabled: true } });
    const hashing = engine.app.get(PasswordHashing, { strict: false });
    const verify = vi.spyOn(hashing, 'verify');
    const answers: unknown[] = [];
    const attempts: [string, string][] = [
      [known.username, 'wrong'],
      ['nobody-of-this-name', PASSWORD],
      [disabled.username, PASSWORD],
      [disabled.username, 'wrong'],
    ];
    for (const [username, password] of attempts) {
      verify.mockClear();
      const { status, body } = await signIn(username, { password });
      answers.push({ status, detail: body.detail, title: body.title });
      // One verification each, of what was sent, at the same cost.
      expect(verify.mock.calls.map(([, sent]) => sent)).toEqual([password]);
      expect(verify.mock.calls[0]?.[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, detail: 'The user name or the password is not right.' });
  });

  it('asks the database the same, too', async () => {
    const known = await makeUser();
    const asked: string[][] = [];
    const log = vi.spyOn(engine.app.get(DataSource).logger, 'logQuery');
    for (const username of [known.username, 'nobody-of-that-name']) {
      log.mockClear();
      await guess(username);
      asked.push(log.mock.calls.map(([query]) => query));
    }
    expect(asked[0]?.length).toBeGreaterThan(5);
    expect(asked[0]).toEqual(asked[1]);
  });

  it('is audited with the name of whom it was about, and one that succeeds with who it was', async () => {
    const user = await makeUser();
    const from = newAddress();
    await guess(user.username, { from });
    await signIn(user.username, { from });
    const { rows } = await sql.query(
      `SELECT action, outcome, remote_address FROM audit_log
       WHERE subject_id = $1 AND action LIKE 'user.sign%' ORDER BY position`,
      [user.id],
    );
    expect(rows).toEqual([
      { action: 'user.sign_in_failed', outcome: 'failed', remote_address: from },
      { action: 'user.signed_in', outcome: 'succeeded', remote_address: from },
    ]);
  });
});

describe('guessing (R1.5)', () => {
  it('at one name from one address ends after eleven guesses, on all replicas together', async () => {
    const user = await makeUser();
    const from = newAddress();
    const browsers = [testBrowser(engine), testBrowser(other)];
    let count = 0;
    const guesses = await guessUntilRefused(user.username, () => ({ from, at: browsers[(count += 1) % 2] }));
    expect(guesses).toBe(policies.pair.free + 1);
    const refused = await signIn(user.username, { from });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBe(1);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.detail).toBe('There were too many attempts to sign in. Try again in 1 s.');
    // From elsewhere its owner comes in, and so does somebody else from there.
    expect((await signIn(user.username)).status).toBe(200);
    expect((await signIn((await makeUser()).username, { from })).status).toBe(200);
  });

  it('is refused without any work, and in the same way for a name that nobody has', async () => {
    const from = newAddress();
    const name = `nobody-${from}`;
    expect(await guessUntilRefused(name, () => ({ from }))).toBe(policies.pair.free + 1);
    const verify = vi.spyOn(engine.app.get(PasswordHashing, { strict: false }), 'verify');
    expect((await guess(name, { from })).status).toBe(429);
    expect(verify).not.toHaveBeenCalled();
  });

  it('waits longer each time, and is forgotten after a day without', async () => {
    const user = await makeUser();
    const from = newAddress();
    await guessUntilRefused(user.username, () => ({ from }));
    const waits: number[] = [];
    let passed = 0;
    for (let count = 0; count < 12; count += 1) {
      const seconds = Number((await guess(user.username, { from })).headers.get('retry-after'));
      waits.push(seconds);
      passed += seconds * 1000;
      later(passed);
      expect((await guess(user.username, { from })).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    later(passed + policies.pair.forgetMs);
    expect((await signIn(user.username, { from })).status).toBe(200);
  });

  it('many at the same moment is no way around', async () => {
    const user = await makeUser();
    const from = newAddress();
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess(user.username, { from })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(policies.pair.free + 1);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40 - policies.pair.free - 1);
  });

  it('from many addresses meets a wait, which never keeps out the owner where they have been before', async () => {
    const user = await makeUser();
    const [home, browser] = [newAddress(), testBrowser(engine)];
    expect((await signIn(user.username, { from: home, at: browser })).status).toBe(200);
    expect(await guessUntilRefused(user.username, () => ({}))).toBe(policies.account.free + 1);
    // Somewhere new, and on a browser that never saw them, they wait like everybody.
    expect((await signIn(user.username)).status).toBe(429);
    // At home with any browser, and anywhere with theirs, they do not.
    expect((await signIn(user.username, { from: home })).status).toBe(200);
    for (let count = 0; count < 3; count += 1) await guessUntilRefused(user.username, () => ({}));
    expect((await signIn(user.username, { at: browser })).status).toBe(200);
  });

  it('keeps nobody waiting for longer than half a minute, however long it goes on', async () => {
    const user = await makeUser();
    await guessUntilRefused(user.username, () => ({}));
    let longest = 0;
    let passed = 0;
    for (let count = 0; count < 15; count += 1) {
      const refused = await guess(user.username);
      const seconds = Number(refused.headers.get('retry-after') ?? 0);
      longest = Math.max(longest, seconds);
      passed += seconds * 1000;
      later(passed);
      await guess(user.username);
    }
    expect(longest).toBe(30);
    later(passed + 30_000);
    expect((await signIn(user.username)).status).toBe(200);
  });

  it('does not stand in the way of many who sign in at the same moment, on both replicas', async () => {
    const user = await makeUser();
    const from = newAddress();
    const rounds = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const statuses: number[] = [];
        for (let count = 0; count < 6; count += 1) {
          const at = testBrowser(index % 2 === 0 ? engine : other);
          statuses.push((await signIn(user.username, { from, at })).status);
        }
        return statuses;
      }),
    );
    expect(new Set(rounds.flat())).toEqual(new Set([200]));
  });

  it('one password at many names from one address ends too', async () => {
    const from = newAddress();
    let refusedAfter = 0;
    for (; refusedAfter < 200; refusedAfter += 1) {
      if ((await guess(`sprayed-${refusedAfter}`, { from })).status === 429) break;
    }
    expect(refusedAfter).toBe(policies.address.free + 1);
  });

  it('leaves no name behind in the database, which might be a password in the wrong field', async () => {
    await guess('correct-horse-in-the-wrong-field');
    const { rows } = await sql.query('SELECT * FROM login_throttles');
    expect(rows.length).toBeGreaterThan(0);
    const audit = await sql.query('SELECT * FROM audit_log');
    expect(JSON.stringify([rows, audit.rows])).not.toContain('wrong-field');
  });
});
