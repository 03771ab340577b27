import { createTestDatabase, type TestDatabase } from '@aiops/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PreparingClient } from './preparing-client.js';

let database: TestDatabase;
let client: PreparingClient;

beforeEach(async () => {
  database = await createTestDatabase({ key: 'empty', prepare: () => Promise.resolve() });
  client = new PreparingClient(database.url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function prepared(): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
  return rows.map((row) => row.statement);
}

describe('a connection that prepares', () => {
  it('answers the same before and after a statement is prepared, with a promise or a callback', async () => {
    const sum = 'SELECT $1::int + $2::int AS sum';
    const sums = [];
    for (let at = 0; at < 8; at += 1) sums.push((await client.query(sum, [at, 1])).rows);
    expect(sums).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((value) => [{ sum: value }]));
    expect(await prepared()).toEqual([sum]);
    const called = await new Promise((resolve, reject) => {
      client.query(sum, [20, 1], (error: Error | null, result) =>
        error ? reject(error) : resolve(result.rows),
      );
    });
    expect(called).toEqual([{ sum: 21 }]);
  });

  it('prepares nothing that comes without values', async () => {
    for (let at = 0; at < 8; at += 1) await client.query('SELECT 1');
    expect(await prepared()).toEqual([]);
  });

  it('goes on after an error of a prepared statement', async () => {
    const half = 'SELECT 10 / $1::int AS half';
    for (let at = 0; at < 6; at += 1) await client.query(half, [2]);
    await expect(client.query(half, [0])).rejects.toThrow('division by zero');
    expect((await client.query(half, [5])).rows).toEqual([{ half: 2 }]);
  });

  it('sends together what is asked for in one turn of the event loop', async () => {
    const { stream } = client.connection;
    const answers = [client.query('SELECT 1 AS one'), client.query('SELECT $1::int AS two', [2])];
    expect(stream.writableCorked).toBe(1);
    expect(stream.writableLength).toBeGreaterThan('SELECT 1 AS one'.length);
    expect((await Promise.all(answers)).map(({ rows }) => rows as unknown)).toEqual([
      [{ one: 1 }],
      [{ two: 2 }],
    ]);
    expect(stream.writableCorked).toBe(0);
  });

  it('is in a transaction after its begin, though nobody waited for the answer', async () => {
    await client.query('CREATE TABLE kept (n int)');
    await client.query('START TRANSACTION');
    await client.query('INSERT INTO kept VALUES ($1)', [1]);
    await client.query('ROLLBACK');
    await client.query('START TRANSACTION');
    await client.query('INSERT INTO kept VALUES ($1)', [2]);
    await client.query('COMMIT');
    expect((await client.query('SELECT n FROM kept')).rows).toEqual([{ n: 2 }]);
  });

  it('tells whoever comes next that a transaction could not begin', async () => {
    const lost = new PreparingClient(database.url);
    await lost.connect();
    const { rows } = await lost.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const gone = new Promise((resolve) => lost.once('error', resolve));
    await client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await gone;
    await lost.query('START TRANSACTION');
    await expect(lost.query('SELECT $1::int', [1])).rejects.toThrow(/not queryable|terminat/);
    await lost.end();
  });
});
