import { PgBoss, type Db } from 'pg-boss';
import type { QueryRunner } from 'typeorm';
import type { AppConfig } from '../config/config.js';
import type { PreparingClient } from '../database/preparing-client.js';
import { sslOptions } from '../database/tls.js';

/** Jobs that used up their attempts land here, whatever their queue. */
export const DEAD_LETTERS = 'dead-letters';

/** pg-boss on our PostgreSQL, woken by NOTIFY so that a job starts as soon as its transaction commits. */
export function createBoss(config: AppConfig, Client: typeof PreparingClient): PgBoss {
  const pool = { Client };
  return new PgBoss({
    ...pool,
    connectionString: config.databaseUrl,
    ssl: sslOptions(config.settings),
    application_name: 'aiops-jobs',
    schema: 'jobs',
    max: 6,
    useListenNotify: true,
    supervise: config.runsJobs,
    schedule: config.runsJobs,
  });
}

interface PgClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Lets pg-boss write inside the transaction of a TypeORM query runner: work and its cause commit together. */
export function bossOn(runner: QueryRunner): Db {
  return {
    executeSql: async (text, values) => {
      const client = (await runner.connect()) as PgClient;
      return client.query(text, values);
    },
  };
}
