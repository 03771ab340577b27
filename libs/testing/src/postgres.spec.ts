import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, dropRun, TEST_DATABASE_VARIABLE, TEST_RUN_VARIABLE } from './postgres.js';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);
const names = async (url: string): Promise<unknown[]> =>
  (await query(url, 'SELECT datname FROM pg_database')).map(({ datname }) => datname);

describe('test databases', () => {
  it('are cloned from a template that is prepared once, also by suites that begin at the same moment', async () => {
    let prepared = 0;
    const prepare = async (url: string) => {
      prepared += 1;
      await query(url, 'CREATE TABLE thing AS SELECT 1 AS id');
    };
    const databases = await Promise.all(
      [1, 2, 3, 4].map(() => createTestDatabase({ key: 'spec clones', prepare })),
    );
    expect(prepared).toBe(1);
    expect(new Set(databases.map(({ url }) => url)).size).toBe(4);
    for (const { url } of databases) expect(await query(url, 'SELECT id FROM thing')).toEqual([{ id: 1 }]);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('do not see each other, nor does the template see them', async () => {
    const options = {
      key: 'spec isolation',
      prepare: async (url: string) => void (await query(url, 'CREATE TABLE thing (id int)')),
    };
    const first = await createTestDatabase(options);
    await query(first.url, 'INSERT INTO thing VALUES (1)');
    const second = await createTestDatabase(options);
    expect(await query(second.url, 'SELECT * FROM thing')).toEqual([]);
    expect(await query(first.url, 'SELECT * FROM thing')).toEqual([{ id: 1 }]);
    await first.drop();
    await second.drop();
  });

  it('have templates of their own per key, whatever characters it has', async () => {
    const prepare = (sql: string) => async (url: string) => void (await query(url, sql));
    const one = await createTestDatabase({ key: 'a"b; --', prepare: prepare('CREATE TABLE one (id int)') });
    const two = await createTestDatabase({ key: 'a"b; -', prepare: prepare('CREATE TABLE two (id int)') });
    expect(
      await query(one.url, `SELECT to_regclass('one') IS NOT NULL AS one, to_regclass('two') AS two`),
    ).toEqual([{ one: true, two: null }]);
    await one.drop();
    await two.drop();
  });

  it('leave no half template behind when the preparation failed', async () => {
    const failing = createTestDatabase({
      key: 'spec failure',
      prepare: async (url) => {
        await query(url, 'CREATE TABLE half (id int)');
        throw new Error('migration 7 failed');
      },
    });
    await expect(failing).rejects.toThrow('migration 7 failed');
    const database = await createTestDatabase({
      key: 'spec failure',
      prepare: async (url) => void (await query(url, 'CREATE TABLE whole (id int)')),
    });
    const [row] = await query(
      database.url,
      `SELECT to_regclass('half') AS half, to_regclass('whole') IS NOT NULL AS whole`,
    );
    expect(row).toEqual({ half: null, whole: true });
    await database.drop();
  });

  it('can be dropped while somebody is still connected', async () => {
    const database = await createTestDatabase({ key: 'spec drop', prepare: () => Promise.resolve() });
    const client = new pg.Client({ connectionString: database.url });
    // The server says why it hangs up, and then the connection is gone: two errors.
    const cut = new Promise<Error>((told) => client.on('error', told));
    await client.connect();
    await database.drop();
    expect((await cut).message).toMatch(/terminating connection|Connection terminated/);
    expect(await names(process.env[TEST_DATABASE_VARIABLE] ?? '')).not.toContain(nameOf(database.url));
  });

  it('go with their run, on a server that stays', async () => {
    const run = process.env[TEST_RUN_VARIABLE];
    process.env[TEST_RUN_VARIABLE] = 'another';
    try {
      const prepare = () => Promise.resolve();
      const theirs = await createTestDatabase({ key: 'spec run', prepare });
      process.env[TEST_RUN_VARIABLE] = run;
      const ours = await createTestDatabase({ key: 'spec run', prepare });
      expect(nameOf(theirs.url)).toMatch(/^aiops_test_another_/);
      await dropRun('another');
      const left = await names(ours.url);
      expect(left.filter((name) => String(name).startsWith('aiops_test_another_'))).toEqual([]);
      expect(left).toContain(nameOf(ours.url));
      await ours.drop();
    } finally {
      process.env[TEST_RUN_VARIABLE] = run;
    }
  });
});
