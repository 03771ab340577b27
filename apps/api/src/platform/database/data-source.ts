import { readFileSync } from 'node:fs';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { Settings } from '../config/config.schema.js';
import { SnakeNamingStrategy } from './naming.strategy.js';
import { PreparingClient } from './preparing-client.js';

type SslSettings = Pick<Settings, 'DATABASE_SSL_MODE' | 'DATABASE_SSL_CA'>;

/** TLS to PostgreSQL: `require` encrypts, `verify-full` also checks the server's certificate and name. */
export function sslOptions(settings: SslSettings): false | { rejectUnauthorized: boolean; ca?: string } {
  if (settings.DATABASE_SSL_MODE === 'disable') return false;
  const ca =
    settings.DATABASE_SSL_CA === undefined ? undefined : readFileSync(settings.DATABASE_SSL_CA, 'utf8');
  return { rejectUnauthorized: settings.DATABASE_SSL_MODE === 'verify-full', ca };
}

/** Options of the engine's database; the schema comes from migrations alone. */
export function dataSourceOptions(
  url: string,
  ssl: SslSettings,
  { poolSize = 12, Client = PreparingClient }: { poolSize?: number; Client?: typeof PreparingClient } = {},
): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    ssl: sslOptions(ssl),
    synchronize: false,
    migrationsRun: false,
    migrationsTransactionMode: 'each',
    migrations,
    namingStrategy: new SnakeNamingStrategy(),
    uuidExtension: 'pgcrypto',
    applicationName: 'aiops',
    poolSize,
    // Statements sent together share a round trip. One statement never holds a connection for ever.
    extra: {
      Client,
      pipeline: true,
      statement_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
    },
  };
}
