import type { ClientToServerEvents, LoginResponse, ServerToClientEvents, UserDto } from '@aiops/contracts';
import { until } from '@aiops/testing';
import pg from 'pg';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testBrowser, type TestBrowser } from '../testing/browser.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';

type Screen = Socket<ServerToClientEvents, ClientToServerEvents>;

const PASSWORD = 'a long enough password';
let one: TestEngine;
let other: TestEngine;
let sql: pg.Client;
const screens: Screen[] = [];

beforeAll(async () => {
  one = await startTestEngine();
  other = await startTestEngine({ DATABASE_URL: one.databaseUrl });
  sql = new pg.Client({ connectionString: one.databaseUrl });
  await sql.connect();
});
afterEach(() => {
  for (const screen of screens.splice(0)) screen.disconnect();
});
afterAll(async () => {
  await sql.end();
  await other.stop();
  await one.stop();
});

let people = 0;
interface Person {
  id: string;
  signIn(browser?: TestBrowser): Promise<string>;
}

async function person(role = 'viewer'): Promise<Person> {
  const username = `watcher-${(people += 1)}`;
  const made = await one.api<UserDto>('POST', '/users', { body: { username, role, password: PASSWORD } });
  const signIn = async (browser = testBrowser(one)): Promise<string> =>
    (
      await browser.call<LoginResponse>('POST', '/auth/login', {
        body: { username, password: PASSWORD },
      })
    ).body.access_token;
  return { id: made.body.id, signIn };
}

/** A screen that is connected, with what it was told of its session. */
async function watch(engine: TestEngine, token: string): Promise<{ screen: Screen; told: () => number }> {
  const screen: Screen = io(engine.url, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  screens.push(screen);
  let told = 0;
  screen.on('session.changed', () => (told += 1));
  await new Promise<void>((resolve, reject) => {
    screen.once('connect', resolve);
    screen.once('connect_error', reject);
  });
  return { screen, told: () => told };
}

const dropped = (screen: Screen): Promise<unknown> =>
  until(() => screen.disconnected, { description: 'the screen to be dropped' });

describe('the screens of a session (R1.5)', () => {
  it('are dropped on every replica when it is signed out, and those of other sessions are not', async () => {
    const { signIn } = await person();
    const [ending, staying] = [await signIn(), await signIn()];
    const here = await watch(one, ending);
    const there = await watch(other, ending);
    const kept = await watch(other, staying);
    await one.api('POST', '/auth/logout', { token: ending });
    await Promise.all([dropped(here.screen), dropped(there.screen)]);
    expect([here.told(), there.told()]).toEqual([1, 1]);
    expect(kept.screen.connected).toBe(true);
    await expect(watch(other, ending)).rejects.toThrow('unauthenticated');
  });

  it('are dropped when it is ended from another one, from everywhere and by an administrator', async () => {
    const { id, signIn } = await person();
    const ways: ((mine: string) => Promise<unknown>)[] = [
      (token) => one.api('DELETE', '/auth/sessions', { token }),
      (token) => one.api('POST', '/auth/logout-all', { token }),
      () => one.api('DELETE', `/users/${id}/sessions`),
    ];
    for (const end of ways) {
      const [mine, ending] = [await signIn(), await signIn()];
      const { screen } = await watch(other, ending);
      await end(mine);
      await dropped(screen);
    }
  });

  it('are dropped when one of its refresh tokens is used twice', async () => {
    const { signIn } = await person();
    const browser = testBrowser(one);
    const token = await signIn(browser);
    const stolen = browser.cookie;
    const { screen } = await watch(other, token);
    await browser.call('POST', '/auth/refresh');
    // As old as ten seconds make it.
    await sql.query(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'`);
    expect((await testBrowser(other, 'thief', stolen).call('POST', '/auth/refresh')).status).toBe(401);
    await dropped(screen);
  });

  it('come back with what a new role allows when the role of their person changes', async () => {
    const { id, signIn } = await person();
    const token = await signIn();
    const { screen, told } = await watch(other, token);
    await one.api('PATCH', `/users/${id}`, { body: { role: 'engineer' } });
    await dropped(screen);
    expect(told()).toBe(1);
    expect((await watch(other, token)).screen.connected).toBe(true);
  });

  it('stay with the next access token of the same session, and with no other', async () => {
    const { signIn } = await person();
    const browser = testBrowser(one);
    const token = await signIn(browser);
    const { screen } = await watch(one, token);
    const renew = (next: string): Promise<boolean> =>
      screen.timeout(5000).emitWithAck('session.renew', { token: next });
    const refreshed = await browser.call<LoginResponse>('POST', '/auth/refresh');
    expect(await renew(refreshed.body.access_token)).toBe(true);
    for (const wrong of ['', 'nonsense', await signIn(), one.adminToken]) {
      expect(await renew(wrong)).toBe(false);
    }
    expect(screen.connected).toBe(true);
  });
});
