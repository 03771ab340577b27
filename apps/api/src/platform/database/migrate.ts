import { DataSource } from 'typeorm';
import { OperationalError } from '../errors/errors.js';
import { connectProblem } from './connect-problem.js';
import { dataSourceOptions } from './data-source.js';
import type { SslSettings } from './tls.js';

/** An arbitrary constant that all engines share, so that only one migrates at a time. */
const MIGRATION_LOCK = 5_210_771;

/**
 * Brings the schema up to date. Several engines may start at once: they take turns.
 * @throws OperationalError that says what to do when the database cannot be connected to.
 */
export async function migrate(url: string, ssl: SslSettings): Promise<string[]> {
  const dataSource = await connected(url, ssl);
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

async function connected(url: string, ssl: SslSettings): Promise<DataSource> {
  try {
    return await new DataSource(dataSourceOptions(url, ssl, { poolSize: 2 })).initialize();
  } catch (cause) {
    const problem = connectProblem(cause, url, ssl);
    throw problem === null ? cause : new OperationalError(problem, { cause });
  }
}
