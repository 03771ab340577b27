import { startEmbeddedPostgres } from '@aiops/embedded-postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_DATABASE_VARIABLE } from './postgres.js';

/** One throw-away PostgreSQL for a run of tests. It forgets on a crash, which is the price of its speed. */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[TEST_DATABASE_VARIABLE] !== undefined) return () => Promise.resolve();
  const dataDir = mkdtempSync(join(tmpdir(), 'aiops-test-postgres-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      shared_buffers: '128MB',
    },
  });
  process.env[TEST_DATABASE_VARIABLE] = postgres.url;
  return async () => {
    Reflect.deleteProperty(process.env, TEST_DATABASE_VARIABLE);
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
