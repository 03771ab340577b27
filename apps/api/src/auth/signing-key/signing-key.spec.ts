import type { LoginResponse, PageDto, Problem, SigningKeyDto } from '@aiops/contracts';
import { until } from '@aiops/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { testBrowser, type TestBrowser } from '../../testing/browser.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { Keyring } from './keyring.js';
import { SigningKeyRepository } from './signing-key.repository.js';

const ADMIN = { username: 'admin', password: 'correct horse battery' };
let one: TestEngine;
let other: TestEngine;

beforeAll(async () => {
  one = await startTestEngine();
  other = await startTestEngine({ DATABASE_URL: one.databaseUrl });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await other.stop();
  await one.stop();
});

async function signIn(at: Pick<TestBrowser, 'call'> | TestEngine): Promise<string> {
  const browser = 'call' in at ? at : testBrowser(at);
  const answer = await browser.call<LoginResponse>('POST', '/auth/login', { body: ADMIN });
  return answer.body.access_token;
}
const statusOf = async (engine: TestEngine, token: string): Promise<number> =>
  (await engine.api('GET', '/auth/me', { token })).status;
const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
const keys = async (engine = one): Promise<SigningKeyDto[]> =>
  (await engine.api<PageDto<SigningKeyDto>>('GET', '/signing-keys')).body.data;
const rotate = (engine = one) => engine.api<SigningKeyDto & Problem>('POST', '/signing-keys/rotate');
const retire = (kid: string, token = one.adminToken) =>
  one.api<Problem>('DELETE', `/signing-keys/${kid}`, { token });

describe('signing keys (R1.1)', () => {
  it('are made once, by engines that start together, and kept encrypted', async () => {
    const [key, ...more] = await keys();
    expect(more).toEqual([]);
    expect(key).toMatchObject({ source: 'database', state: 'signing', retires_at: null });
    expect(kidOf(other.adminToken)).toBe(key?.kid);
    expect(await statusOf(other, one.adminToken)).toBe(200);
    const sql = new pg.Client({ connectionString: one.databaseUrl });
    await sql.connect();
    const { rows } = await sql.query<Record<string, unknown>>('SELECT * FROM signing_keys');
    await sql.end();
    const signer = await one.app.get(Keyring, { strict: false }).signer();
    expect(JSON.stringify(rows)).toContain(signer.kid);
    expect(JSON.stringify(rows)).not.toContain(signer.secret);
    expect(JSON.stringify(await one.api('GET', '/signing-keys'))).not.toContain(signer.secret);
  });

  it('are the business of administrators', async () => {
    const user = { username: 'vera', password: 'a long enough password' };
    await one.api('POST', '/users', { body: { ...user, role: 'engineer' } });
    const login = await one.api<LoginResponse>('POST', '/auth/login', { token: null, body: user });
    const token = login.body.access_token;
    expect((await one.api('GET', '/signing-keys', { token })).status).toBe(403);
    expect((await one.api('POST', '/signing-keys/rotate', { token })).status).toBe(403);
    expect((await one.api('DELETE', '/signing-keys/x', { token })).status).toBe(403);
  });

  it('rotate under load over two replicas without one failed request', async () => {
    const statuses: number[] = [];
    const kids = new Set<string>();
    let done = false;
    const caller = async (index: number): Promise<void> => {
      const [mine, its] = index % 2 === 0 ? [one, other] : [other, one];
      const browser = testBrowser(mine);
      let token = await signIn(browser);
      for (let count = 0; !done; count += 1) {
        // A token is shown to the replica that did not make it at once, and to both of them for long.
        if (count % 5 === 0) {
          const fresh = await browser.call<LoginResponse>('POST', '/auth/refresh');
          statuses.push(fresh.status);
          token = fresh.body.access_token;
        }
        kids.add(kidOf(token));
        statuses.push(await statusOf(its, token), await statusOf(mine, token));
      }
    };
    const callers = Promise.all([0, 1, 2, 3].map(caller));
    for (let round = 0; round < 6; round += 1) {
      const before = statuses.length;
      const fresh = await rotate(round % 2 === 0 ? one : other);
      expect(fresh.status).toBe(200);
      await until(() => statuses.length > before + 40 && kids.has(fresh.body.kid), {
        description: 'load on the new key',
      });
    }
    done = true;
    await callers;
    expect(kids.size).toBeGreaterThanOrEqual(6);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const states = (await keys()).map(({ state }) => state);
    expect(states.filter((state) => state === 'signing')).toHaveLength(1);
    expect(states.filter((state) => state === 'accepted').length).toBeGreaterThanOrEqual(6);
  });

  it('are looked for once more when a token names one that was not heard of', async () => {
    const keyring = other.app.get(Keyring, { strict: false });
    await keyring.signer();
    vi.spyOn(keyring, 'invalidate').mockReturnValue();
    const fresh = await rotate(one);
    const token = await signIn(one);
    expect(kidOf(token)).toBe(fresh.body.kid);
    expect(await statusOf(other, token)).toBe(200);
  });

  it('are looked for one at a time, however many tokens name some that nobody has', async () => {
    const repository = one.app.get(SigningKeyRepository, { strict: false });
    const keyring = one.app.get(Keyring, { strict: false });
    await keyring.signer();
    let looks = 0;
    let atOnce = 0;
    let most = 0;
    const all = repository.all.bind(repository);
    vi.spyOn(repository, 'all').mockImplementation(async () => {
      looks += 1;
      most = Math.max(most, (atOnce += 1));
      return all().finally(() => (atOnce -= 1));
    });
    const found = await Promise.all(
      Array.from({ length: 200 }, (_, index) => keyring.find(`made-up-${index}`)),
    );
    expect(found.every((key) => key === null)).toBe(true);
    expect(most).toBe(1);
    expect(looks).toBeLessThanOrEqual(2);
  });

  it('retire by themselves when the last token they signed has run out', async () => {
    const old = await signIn(one);
    await rotate();
    const fresh = await signIn(one);
    const retiring = (await keys()).find(({ kid }) => kid === kidOf(old));
    const retiresAt = new Date(retiring?.retires_at ?? '');
    expect(retiresAt.getTime() - Date.now()).toBeGreaterThan(one.config.settings.ACCESS_TOKEN_LIFETIME_MS);
    expect(await statusOf(one, old)).toBe(200);
    vi.spyOn(one.app.get(Clock, { strict: false }), 'now').mockReturnValue(retiresAt);
    expect(await statusOf(one, old)).toBe(401);
    expect(await statusOf(one, fresh)).toBe(200);
  });

  it('take their tokens with them at once, on every replica, when one is retired by hand', async () => {
    await rotate();
    const [token, kept] = [await signIn(one), await signIn(one)];
    expect(await statusOf(other, token)).toBe(200);
    const signing = kidOf(token);
    expect((await retire(signing)).status).toBe(204);
    expect(await statusOf(one, token)).toBe(401);
    await until(async () => (await statusOf(other, kept)) === 401, {
      description: 'the other replica to hear',
    });
    // The one that signed has a successor.
    const fresh = await signIn(one);
    expect(kidOf(fresh)).not.toBe(signing);
    expect(await statusOf(other, fresh)).toBe(200);
    expect((await retire(signing, fresh)).status).toBe(404);
  });
});

describe('keys of JWT_SECRETS', () => {
  it('sign before those of the database, whose tokens are accepted still, and are changed in the settings alone', async () => {
    const secret = 's'.repeat(40);
    const token = await signIn(one);
    const configured = await startTestEngine({
      DATABASE_URL: one.databaseUrl,
      JWT_SECRETS: `from-settings:${secret}`,
    });
    try {
      expect(kidOf(configured.adminToken)).toBe('from-settings');
      expect(await statusOf(configured, token)).toBe(200);
      const [signing] = (await keys(configured)).filter(({ state }) => state === 'signing');
      expect(signing).toMatchObject({ kid: 'from-settings', source: 'settings', created_at: null });
      expect(JSON.stringify(await keys(configured))).not.toContain(secret);
      const refused = await rotate(configured);
      expect(refused.status).toBe(409);
      expect(refused.body.detail).toContain('JWT_SECRETS says which key signs');
      const kept = await configured.api<Problem>('DELETE', '/signing-keys/from-settings');
      expect(kept.status).toBe(409);
    } finally {
      await configured.stop();
    }
  });
});
