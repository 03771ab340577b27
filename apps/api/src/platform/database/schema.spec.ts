import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { dataSourceOptions } from './data-source.js';

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** What TypeORM would change to make the database as the entities say; nothing when both agree. */
async function differences(): Promise<string[]> {
  const source = engine.app.get<DataSource>(getDataSourceToken());
  expect(source.entityMetadatas.length).toBeGreaterThan(0);
  const log = await source.driver.createSchemaBuilder().log();
  return log.upQueries.map((query) => query.query);
}

/** Tables, columns, indexes and constraints, whatever the order in which they were made. */
async function schemaOf(source: DataSource): Promise<unknown> {
  const columns: unknown = await source.query(`
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`);
  const indexes: unknown = await source.query(
    `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2`,
  );
  const constraints: unknown = await source.query(`
    SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`);
  return { columns, indexes, constraints };
}

describe('the schema', () => {
  it('is what the entities of every module say', async () => {
    expect(await differences()).toEqual([]);
  });

  it('notices an entity and a migration that disagree', async () => {
    const source = engine.app.get<DataSource>(getDataSourceToken());
    await source.query('ALTER TABLE users ADD COLUMN surplus text');
    expect(await differences()).toEqual([expect.stringContaining('surplus')]);
    await source.query('ALTER TABLE users DROP COLUMN surplus');
  });

  it('is the same after going down and up again', async () => {
    const settings = engine.config.settings;
    const source = await new DataSource(
      dataSourceOptions(engine.databaseUrl, settings, { poolSize: 2 }),
    ).initialize();
    try {
      const before = await schemaOf(source);
      const count = source.migrations.length;
      for (let undone = 0; undone < count; undone += 1) await source.undoLastMigration();
      const left = await source.query<{ name: string }[]>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
      );
      expect(left.map(({ name }) => name)).toEqual(['migrations']);
      expect(await source.runMigrations()).toHaveLength(count);
      expect(await schemaOf(source)).toEqual(before);
    } finally {
      await source.destroy();
    }
  });
});
