import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';

/** Where the tests' PostgreSQL is: set by the user, or by the global set-up. */
export const TEST_DATABASE_VARIABLE = 'TEST_DATABASE_URL';
/** Name of this run of tests, part of the name of every database that it makes. Set by the global set-up. */
export const TEST_RUN_VARIABLE = 'AIOPS_TEST_RUN';

export interface TestDatabase {
  url: string;
  /** Runs one statement, for what no API lets a test do. */
  query(sql: string, values?: unknown[]): Promise<void>;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env[TEST_DATABASE_VARIABLE];
  if (url === undefined) {
    throw new Error(
      'There is no test database: the project in vitest.config.ts lacks the global set-up of @aiops/testing, and TEST_DATABASE_URL is not set',
    );
  }
  return url;
}

function prefix(run = process.env[TEST_RUN_VARIABLE] ?? String(process.ppid)): string {
  return `aiops_test_${run}_`;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>, database = 'postgres'): Promise<T> {
  const client = new pg.Client({ connectionString: withDatabase(serverUrl(), database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own for one suite, cloned from a template that `prepare` made once per run and `key`: real SQL, and
 * nothing to clean up between suites. `prepare` must have closed its connections when it resolves.
 */
export async function createTestDatabase(options: {
  key: string;
  prepare(url: string): Promise<void>;
}): Promise<TestDatabase> {
  const hash = createHash('sha256').update(options.key).digest();
  const template = `${prefix()}template_${hash.toString('hex').slice(0, 12)}`;
  const name = `${prefix()}${randomBytes(8).toString('hex')}`;
  const lock = createHash('sha256').update(template).digest().readInt32BE(0);
  await onServer(async (client) => {
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
    query: (sql, values) => onServer(async (client) => void (await client.query(sql, values)), name),
    drop: () => onServer((client) => dropDatabase(client, name)),
  };
}

/** Under a working name until it is complete, so that a failed preparation leaves no half template behind. */
async function makeTemplate(
  client: pg.Client,
  template: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> {
  const draft = `${template}_draft`;
  await dropDatabase(client, draft);
  await client.query(`CREATE DATABASE ${draft}`);
  await prepare(withDatabase(serverUrl(), draft));
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}

/** Removes every database that this run made. */
export async function dropRun(run: string): Promise<void> {
  await onServer(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix(run)],
    );
    for (const { name } of rows) await dropDatabase(client, name);
  });
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}
