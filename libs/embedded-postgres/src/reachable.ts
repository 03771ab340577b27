import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { SystemUser } from './system-user.js';

const OTHERS_READ = 0o004;
const OTHERS_EXECUTE = 0o001;

/** Where root keeps what the user `postgres` must reach when the project itself lies in a closed folder such as /root. */
export const SHARED_ROOT = '/var/lib/aiops';

/** Whether another user can walk to `path`: every folder on the way must let others through. */
export function othersCanReach(path: string): boolean {
  let folder = existsSync(path) ? realpathSync(path) : path;
  for (;;) {
    if (
      existsSync(folder) &&
      statSync(folder).isDirectory() &&
      (statSync(folder).mode & OTHERS_EXECUTE) === 0
    )
      return false;
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

/**
 * A folder for the data that `user` can reach: `dataDir` itself where that is possible, otherwise one in
 * /var/lib/aiops that a note in `dataDir` names. Without the note (`dataDir` was deleted, to begin anew) it is a new
 * folder; what lies in the earlier one is left alone.
 */
export function reachableDataDir(dataDir: string, user: SystemUser | null, sharedRoot = SHARED_ROOT): string {
  if (user === null || othersCanReach(dirname(dataDir))) return dataDir;
  const note = join(dataDir, 'MOVED.txt');
  if (existsSync(note)) {
    const place = readFileSync(note, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    if (place.startsWith(`${sharedRoot}/`) && existsSync(place)) return place;
  }
  openFolder(sharedRoot);
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const place = existsSync(join(sharedRoot, hash))
    ? mkdtempSync(join(sharedRoot, `${hash}-`))
    : join(sharedRoot, hash);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    note,
    `PostgreSQL runs as the user "postgres", who cannot reach this folder. Its data is in the folder below.\nDelete both to begin anew.\n${place}\n`,
  );
  return place;
}

/** The installation, or a copy of it that `user` can reach and read. */
export function reachableInstallation(
  root: string,
  user: SystemUser | null,
  version: string,
  sharedRoot = SHARED_ROOT,
): string {
  if (user === null || (othersCanReach(join(root, 'bin')) && othersCanRead(root))) return root;
  const copy = join(sharedRoot, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  openFolder(sharedRoot);
  // Under a working name until it is complete: a half copy must never be taken for a whole one.
  const draft = mkdtempSync(join(sharedRoot, 'draft-'));
  cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
  openToOthers(draft);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** Makes a folder that others may walk through, whatever the umask of this process. */
function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

function othersCanRead(folder: string): boolean {
  return everyEntry(
    folder,
    (path, mode) =>
      (mode & OTHERS_READ) !== 0 && (!statSync(path).isDirectory() || (mode & OTHERS_EXECUTE) !== 0),
  );
}

function openToOthers(folder: string): void {
  everyEntry(folder, (path, mode) => {
    chownSync(path, 0, 0);
    chmodSync(path, mode | OTHERS_READ | 0o040 | ((mode & 0o100) !== 0 ? 0o011 : 0));
    return true;
  });
}

/** Whether `holds` is true of the folder and of everything below; links are what they point to and left out. */
function everyEntry(path: string, holds: (path: string, mode: number) => boolean): boolean {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return true;
  if (!holds(path, stat.mode & 0o7777)) return false;
  return !stat.isDirectory() || readdirSync(path).every((name) => everyEntry(join(path, name), holds));
}
