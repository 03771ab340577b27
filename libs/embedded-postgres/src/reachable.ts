import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SystemUser } from './system-user.js';

const OTHERS_EXECUTE = 0o001;

/** Whether another user can walk to `path`: every folder above must let others through. */
export function othersCanReach(path: string): boolean {
  let folder = existsSync(path) ? realpathSync(path) : path;
  for (;;) {
    if (existsSync(folder) && statSync(folder).isDirectory() && (statSync(folder).mode & OTHERS_EXECUTE) === 0) return false;
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

/** Where root keeps what the user `postgres` must reach when the project itself lies in a closed folder such as /root. */
const SHARED_ROOT = '/var/lib/aiops';

/** A folder for the data that `user` can reach, and `dataDir` itself where that is possible. */
export function reachableDataDir(dataDir: string, user: SystemUser | null): string {
  mkdirSync(dataDir, { recursive: true });
  if (user === null || othersCanReach(dirname(dataDir))) return dataDir;
  const hash = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const elsewhere = join(SHARED_ROOT, hash);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  chownSync(elsewhere, user.uid, user.gid);
  const note = `PostgreSQL runs as another user, who cannot reach this folder. Its data is in ${elsewhere}.\n`;
  writeFileSync(join(dataDir, 'MOVED.txt'), note);
  return elsewhere;
}

/** The installation, or a copy of it that `user` can reach. */
export function reachableInstallation(root: string, user: SystemUser | null, version: string): string {
  if (user === null || othersCanReach(join(root, 'bin'))) return root;
  const copy = join(SHARED_ROOT, `postgresql-${version}`);
  const complete = join(copy, '.complete');
  if (existsSync(complete)) return copy;
  mkdirSync(copy, { recursive: true, mode: 0o755 });
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, force: true });
  writeFileSync(complete, version);
  return copy;
}
