import { DataSource } from 'typeorm';
import type { Settings } from '../config/config.schema.js';
import { dataSourceOptions } from './data-source.js';

/** An arbitrary constant that all engines share, so that only one migrates at a time. */
const MIGRATION_LOCK = 5_210_771;

/** Brings the schema up to date. Several engines may start at once: they take turns. */
export async function migrate(
  url: string,
  ssl: Pick<Settings, 'DATABASE_SSL_MODE' | 'DATABASE_SSL_CA'>,
): Promise<string[]> {
  const dataSource = await new DataSource(dataSourceOptions(url, ssl, { poolSize: 2 })).initialize();
  try {
    const lock = dataSource.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const ran = await dataSource.runMigrations();
      return ran.map((migration) => migration.name);
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
