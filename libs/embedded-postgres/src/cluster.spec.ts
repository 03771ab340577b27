import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './index.js';
import { readPidFile } from './postmaster.js';
import { isAlive } from './process-identity.js';
import { bystander, gone, query, Workbench } from './testing/workbench.js';

let bench: Workbench;
beforeEach(() => void (bench = new Workbench()));
afterEach(() => bench.clear());

describe('embedded PostgreSQL', () => {
  it('starts with a password of its own, keeps its data over a restart and stops cleanly', async () => {
    const dataDir = bench.dataDir();
    const said: string[] = [];
    const first = await bench.start({ dataDir, log: (message) => said.push(message) });
    await query(first.url, `CREATE TABLE kept AS SELECT 'still here' AS value`);
    await expect(query(first.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(readPidFile(first.dataDirectory)).toBeNull();
    const second = await bench.start({ dataDir });
    expect(second.owned).toBe(true);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'still here' }]);
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toMatch(/not properly shut down/);
    expect(said).toEqual([
      expect.stringContaining('PostgreSQL was started on 127.0.0.1:'),
      'PostgreSQL was stopped',
    ]);
  });

  it('listens on loopback only, keeps every commit and knows letters beyond ASCII', async () => {
    const postgres = await bench.start({ dataDir: bench.dataDir() });
    const [row] = await query(
      postgres.url,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('synchronous_commit') AS commit,
              current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding,
              lower('ÄÖÜ') AS lower, current_setting('data_directory') AS directory`,
    );
    expect(row).toEqual({
      listen: '127.0.0.1',
      commit: 'on',
      fsync: 'on',
      encoding: 'UTF8',
      lower: 'äöü',
      directory: postgres.dataDirectory,
    });
  });

  it('does not hand the secrets of the engine to PostgreSQL', async () => {
    process.env['AIOPS_EMBEDDED_SPEC_SECRET'] = 'hush';
    try {
      const { pid } = await bench.start({ dataDir: bench.dataDir() });
      if (process.platform === 'linux') {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        expect(environment).toContain('LC_ALL=C');
        expect(environment).not.toContain('AIOPS_EMBEDDED_SPEC_SECRET');
      }
    } finally {
      delete process.env['AIOPS_EMBEDDED_SPEC_SECRET'];
    }
  });

  it('begins anew when it was killed in the middle of its first set-up', async () => {
    const dataDir = bench.dataDir();
    mkdirSync(join(dataDir, 'cluster.new'), { recursive: true });
    writeFileSync(join(dataDir, 'cluster.new', 'PG_VERSION'), '18\n');
    const postgres = await bench.start({ dataDir });
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir)).not.toContain('cluster.new');
  });
});

describe('several engines on one data directory', () => {
  it('share the database, whoever leaves first, and the last one stops it', async () => {
    const dataDir = bench.dataDir();
    const first = await bench.startProcess(dataDir);
    const second = await bench.startProcess(dataDir);
    expect(first.owned).toBe(true);
    expect(second).toMatchObject({ owned: false, url: first.url, pid: first.pid });
    await first.end('SIGTERM');
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.end('SIGTERM');
    expect(isAlive(first.pid)).toBe(false);
  });

  it('can begin at the same moment, before anything is set up', async () => {
    const dataDir = bench.dataDir();
    const engines = await Promise.all([1, 2, 3].map(() => bench.start({ dataDir })));
    expect(new Set(engines.map(({ url }) => url)).size).toBe(1);
    expect(engines.filter(({ owned }) => owned)).toHaveLength(1);
    await Promise.all(engines.map((engine) => engine.stop()));
    expect(isAlive(engines[0]?.pid ?? 0)).toBe(false);
  });

  it('may come while another one goes', async () => {
    const dataDir = bench.dataDir();
    const first = await bench.start({ dataDir });
    const [second] = await Promise.all([bench.start({ dataDir }), first.stop()]);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('after a crash', () => {
  it('PostgreSQL outlives an engine that was killed, and the next engine takes it over and stops it', async () => {
    const dataDir = bench.dataDir();
    const killed = await bench.startProcess(dataDir);
    await query(killed.url, 'CREATE TABLE kept (value text)');
    await killed.end('SIGKILL');
    expect(isAlive(killed.pid)).toBe(true);
    const next = await bench.start({ dataDir });
    expect(next).toMatchObject({ owned: true, url: killed.url, pid: killed.pid });
    expect(await query(next.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }]);
    await next.stop();
    expect(isAlive(killed.pid)).toBe(false);
  });

  it('recovers when PostgreSQL itself was killed', async () => {
    const dataDir = bench.dataDir();
    const first = await bench.start({ dataDir });
    await query(first.url, `CREATE TABLE kept AS SELECT 'committed' AS value`);
    process.kill(first.pid, 'SIGKILL');
    await gone(() => isAlive(first.pid));
    const second = await bench.start({ dataDir });
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'committed' }]);
  });

  it('starts PostgreSQL again on its port when it is killed while it is in use, and loses no commit', async () => {
    const said: string[] = [];
    const postgres = await bench.start({ dataDir: bench.dataDir(), log: (message) => said.push(message) });
    await query(postgres.url, `CREATE TABLE kept AS SELECT 'still here' AS value`);
    process.kill(postgres.pid, 'SIGKILL');
    await gone(() => !said.includes('PostgreSQL is back'));
    expect(said).toContain('PostgreSQL ended unexpectedly and is started again');
    expect(await query(postgres.url, 'SELECT value FROM kept')).toEqual([{ value: 'still here' }]);
    await postgres.stop();
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts although the number in the old pid file belongs to another program now', async () => {
    const dataDir = bench.dataDir();
    const first = await bench.start({ dataDir });
    const pidFile = join(first.dataDirectory, 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8');
    await first.stop();
    const other = bystander();
    try {
      writeFileSync(pidFile, left.replace(/^\d+/, String(other.pid)));
      const second = await bench.start({ dataDir });
      expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await second.stop();
      expect(isAlive(other.pid ?? 0)).toBe(true);
    } finally {
      other.kill();
    }
  });
});

describe('a start that fails says what to do', () => {
  it('when PostgreSQL refuses a setting', async () => {
    const failure = startEmbeddedPostgres({
      dataDir: bench.dataDir(),
      settings: { shared_buffers: 'plenty' },
    });
    await expect(failure).rejects.toThrow(/did not start.*shared_buffers.*set DATABASE_URL/s);
  });

  it('when the password is gone', async () => {
    const dataDir = bench.dataDir();
    await (await bench.start({ dataDir })).stop();
    rmSync(join(dataDir, 'password'));
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/put .*password back from a backup/);
  });

  it('when the password is another one, and it leaves no server behind', async () => {
    const dataDir = bench.dataDir();
    const first = await bench.start({ dataDir });
    const password = readFileSync(join(dataDir, 'password'), 'utf8');
    await first.stop();
    writeFileSync(join(dataDir, 'password'), 'another one');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/does not open the embedded PostgreSQL/);
    expect(readPidFile(first.dataDirectory)).toBeNull();
    writeFileSync(join(dataDir, 'password'), password);
    expect((await bench.start({ dataDir })).owned).toBe(true);
  });

  it('when the data directory is a file', async () => {
    const file = join(bench.folder(), 'data');
    writeFileSync(file, '');
    await expect(startEmbeddedPostgres({ dataDir: file })).rejects.toThrow(
      /could not be started in .*data.*DATABASE_URL/,
    );
  });

  it('and a port that is closed again after a stop is really closed', async () => {
    const postgres = await bench.start({ dataDir: bench.dataDir() });
    await postgres.stop();
    const refused = new Promise<string>((told) => {
      connect(Number(new URL(postgres.url).port), '127.0.0.1').once('error', (error) => told(error.message));
    });
    expect(await refused).toContain('ECONNREFUSED');
  });
});
