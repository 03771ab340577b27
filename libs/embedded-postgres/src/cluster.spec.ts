import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './index.js';
import { isAlive, readPostmaster } from './postmaster.js';
import { othersCanReach } from './reachable.js';

const isRoot = process.getuid?.() === 0;
const opened: EmbeddedPostgres[] = [];
const folders: string[] = [];

function newDataDir(mode = 0o755): string {
  const parent = mkdtempSync(join(tmpdir(), 'aiops-embedded-'));
  chmodSync(parent, mode);
  folders.push(parent);
  return join(parent, 'data');
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  opened.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const postgres of opened.splice(0)) await postgres.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('embedded PostgreSQL', () => {
  it('starts on loopback with a password, keeps its data over a restart and stops cleanly', async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept (value text)');
    await query(first.url, `INSERT INTO kept VALUES ('still here')`);
    const withoutPassword = first.url.replace(/:[0-9a-f]+@/, ':wrong@');
    await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow(/password/);
    await first.stop();
    expect(readPostmaster(join(dataDir, 'cluster'))).toBeNull();
    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'still here' }]);
  });

  it('is joined and not stopped by a second process while the first lives', async () => {
    const dataDir = newDataDir();
    await start(dataDir);
    const owner = join(dataDir, 'owner.pid');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      writeFileSync(owner, String(other.pid));
      const joined = await startEmbeddedPostgres({ dataDir });
      expect(joined.owned).toBe(false);
      await joined.stop();
      expect(await query(joined.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      other.kill();
    }
  });

  it('is taken over after the process that started it was killed', async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((exited) => dead.once('exit', exited));
    writeFileSync(join(dataDir, 'owner.pid'), String(dead.pid));
    const second = await start(dataDir);
    expect(second).toMatchObject({ owned: true, url: first.url });
  });

  it('recovers when PostgreSQL itself was killed', async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await query(first.url, 'CREATE TABLE kept (value text)');
    const pid = readPostmaster(join(dataDir, 'cluster'))?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
    const second = await start(dataDir);
    expect(await query(second.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }]);
  });

  it.runIf(isRoot)('works for root in a folder that nobody else may enter', async () => {
    const dataDir = newDataDir(0o700);
    mkdirSync(dataDir, { recursive: true });
    expect(othersCanReach(dataDir)).toBe(false);
    const postgres = await start(dataDir);
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const note = join(dataDir, 'MOVED.txt');
    expect(existsSync(note)).toBe(true);
    folders.push(/\/var\/lib\/aiops\/[0-9a-f]+/.exec(readFileSync(note, 'utf8'))?.[0] ?? '');
  });
});
