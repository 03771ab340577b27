import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { SnakeNamingStrategy } from './naming.strategy.js';
import { PreparingClient } from './preparing-client.js';
import { sslOptions, type SslSettings } from './tls.js';

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
