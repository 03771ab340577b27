import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@aiops/testing';
import { allInOrder } from './all-in-order.js';
import { dataSourceOptions } from './data-source.js';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ key: 'empty', prepare: () => Promise.resolve() });
  source = await new DataSource(
    dataSourceOptions(database.url, { DATABASE_SSL_MODE: 'disable' }),
  ).initialize();
});
afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

const send = (manager: EntityManager, ...statements: string[]): Promise<unknown> =>
  allInOrder(statements.map((statement) => manager.query<unknown>(statement)));

describe('statements sent one behind the other', () => {
  it('answer in the order in which they were sent', async () => {
    const answers = await source.transaction((manager) => send(manager, 'SELECT 1 AS n', 'SELECT 2 AS n'));
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  });

  it('name the one that failed, not those that failed because of it', async () => {
    const sent = source.transaction((manager) =>
      send(manager, 'SELECT 1', 'SELECT 1 / 0', 'SELECT 2', 'SELECT 3'),
    );
    await expect(sent).rejects.toThrow('division by zero');
  });

  it('leave nothing behind when one of them fails, and a connection that works', async () => {
    await source.query('CREATE TABLE notes (text text)');
    const sent = source.transaction((manager) =>
      send(
        manager,
        `INSERT INTO notes VALUES ('kept?')`,
        'SELECT 1 / 0',
        `INSERT INTO notes VALUES ('kept?')`,
      ),
    );
    await expect(sent).rejects.toThrow('division by zero');
    expect(await source.query('SELECT * FROM notes')).toEqual([]);
  });
});
