import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';

/** Where the tests' PostgreSQL is; the global set-up puts it there. */
export const TEST_DATABASE_VARIABLE = 'AIOPS_TEST_DATABASE_URL';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env[TEST_DATABASE_VARIABLE];
  if (url === undefined)
    throw new Error('There is no test database: the project lacks the global set-up of @aiops/testing');
  return url;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: withDatabase(serverUrl(), 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own for one suite, cloned from a template that `prepare` made once per `key`: real SQL, and nothing
 * to clean up between suites.
 */
export async function createTestDatabase(options: {
  key: string;
  prepare(url: string): Promise<void>;
}): Promise<TestDatabase> {
  const template = `template_${options.key}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(async (client) => {
    const lock = createHash('sha256').update(template).digest().readInt32BE(0);
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    try {
      const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
      if (known.rowCount === 0) await makeTemplate(client, template, options.prepare);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lock]);
    }
  });
  return {
    url: withDatabase(serverUrl(), name),
    drop: () =>
      onServer(async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/** Under a working name until it is complete, so that a failed preparation leaves no half template behind. */
async function makeTemplate(
  client: pg.Client,
  template: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> {
  const draft = `${template}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft}`);
  await prepare(withDatabase(serverUrl(), draft));
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}
