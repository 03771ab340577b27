import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstallation, hydrateLinks } from './binaries.js';
import { othersCanReach, reachableDataDir, reachableInstallation, SHARED_ROOT } from './reachable.js';
import { postgresUser } from './system-user.js';
import { query, Workbench } from './testing/workbench.js';

const isRoot = process.getuid?.() === 0;
let bench: Workbench;
let umask: number;
beforeEach(() => {
  bench = new Workbench();
  umask = process.umask();
});
afterEach(async () => {
  process.umask(umask);
  await bench.clear();
});

/** A project as it lies under /root after a clone with a strict umask: nobody else can enter or read. */
function closedInstallation(): string {
  const root = join(bench.folder(0o700), 'native');
  cpSync(findInstallation().root, root, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'go-rwx', root]);
  return root;
}

describe.runIf(isRoot)('root in a folder that nobody else may enter', () => {
  it('keeps the data where PostgreSQL can reach it, over restarts', async () => {
    process.umask(0o077);
    const dataDir = join(bench.folder(0o700), 'deep', 'data');
    mkdirSync(dataDir, { recursive: true });
    expect(othersCanReach(dataDir)).toBe(false);
    const first = await bench.start({ dataDir });
    expect(first.dataDirectory.startsWith(SHARED_ROOT)).toBe(true);
    expect(readFileSync(join(dataDir, 'MOVED.txt'), 'utf8')).toContain(join(first.dataDirectory, '..'));
    expect(statSync(first.dataDirectory).mode & 0o777).toBe(0o700);
    await query(first.url, `CREATE TABLE kept AS SELECT 'still here' AS value`);
    await first.stop();
    const second = await bench.start({ dataDir });
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'still here' }]);
  });

  it('begins anew when the data directory was deleted, and leaves the earlier data alone', async () => {
    const dataDir = join(bench.folder(0o700), 'data');
    const first = await bench.start({ dataDir });
    await first.stop();
    rmSync(dataDir, { recursive: true });
    const second = await bench.start({ dataDir });
    expect(second.dataDirectory).not.toBe(first.dataDirectory);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(first.dataDirectory, 'PG_VERSION'))).toBe(true);
  });

  it('copies programs that PostgreSQL cannot read to where it can run them', () => {
    process.umask(0o077);
    const root = closedInstallation();
    const user = postgresUser();
    const runAsPostgres = (folder: string) =>
      spawnSync(join(folder, 'bin', 'postgres'), ['--version'], {
        encoding: 'utf8',
        uid: user?.uid,
        gid: user?.gid,
        cwd: '/',
      });
    expect(runAsPostgres(root).stdout ?? '').toBe('');
    const shared = join(bench.folder(), 'shared');
    const copy = reachableInstallation(root, user, '1.2.3', shared);
    expect(copy).toBe(join(shared, 'postgresql-1.2.3'));
    expect(runAsPostgres(copy).stdout).toMatch(/PostgreSQL/);
    const zone = join(copy, 'share', 'postgresql', 'postgres.bki');
    expect(spawnSync('cat', [zone], { uid: user?.uid, gid: user?.gid, cwd: '/' }).status).toBe(0);
    expect(reachableInstallation(root, user, '1.2.3', shared)).toBe(copy);
  });

  it('copies programs whose folder can be entered but whose files cannot be read', () => {
    const root = join(bench.folder(), 'native');
    cpSync(findInstallation().root, root, { recursive: true, verbatimSymlinks: true });
    const user = postgresUser();
    const shared = bench.folder();
    expect(reachableInstallation(root, user, '1.2.3', shared)).toBe(root);
    chmodSync(join(root, 'share', 'postgresql', 'postgres.bki'), 0o600);
    expect(reachableInstallation(root, user, '1.2.3', shared)).toBe(join(shared, 'postgresql-1.2.3'));
  });
});

describe('an ordinary user', () => {
  it('keeps everything where it is', () => {
    const dataDir = join(bench.folder(0o700), 'data');
    mkdirSync(dataDir);
    expect(reachableDataDir(dataDir, null)).toBe(dataDir);
    expect(reachableInstallation('/somewhere', null, '1.2.3')).toBe('/somewhere');
  });
});

describe('an installation without install scripts', () => {
  it.runIf(process.platform !== 'win32')('gets its links made', () => {
    const folder = join(bench.folder(), 'package', 'native');
    cpSync(findInstallation().root, folder, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    expect(links.length).toBeGreaterThan(0);
    const paths = links.map(({ target }) => join(folder, '..', target));
    for (const path of paths) rmSync(path, { force: true });
    hydrateLinks(folder);
    hydrateLinks(folder);
    // existsSync follows a link: each one leads to a file.
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});
