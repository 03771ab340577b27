import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { findInstallation } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import { reachableDataDir, reachableInstallation } from './reachable.js';
import { postgresUser, type SystemUser } from './system-user.js';

/** Where everything of one cluster is. */
export interface Place {
  /** PostgreSQL's programs. */
  root: string;
  /** PostgreSQL's own data directory, and where a new one is made before it counts. */
  cluster: string;
  draft: string;
  log: string;
  password: string;
  user: SystemUser | null;
}

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Makes the folders and the password where they are missing. Call under the lock. */
export function prepare(dataDir: string): Place {
  const user = postgresUser();
  const installation = findInstallation();
  const base = reachableDataDir(dataDir, user);
  // PostgreSQL's user has to walk through it only; the password in it stays ours.
  if (user !== null) chmodSync(base, 0o711);
  const cluster = join(base, 'cluster');
  const log = join(dataDir, 'postgres.log');
  if (existsSync(log) && statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.old`);
  return {
    root: reachableInstallation(installation.root, user, installation.version),
    cluster,
    draft: join(base, 'cluster.new'),
    log,
    password: readPassword(join(dataDir, 'password'), existsSync(join(cluster, 'PG_VERSION'))),
    user,
  };
}

function readPassword(file: string, inUse: boolean): string {
  if (!existsSync(file)) {
    if (inUse) {
      throw new EmbeddedPostgresError(
        `The password of the embedded PostgreSQL is missing: put ${file} back from a backup, or move the folder away to begin anew.`,
      );
    }
    const draft = `${file}.new`;
    writeFileSync(draft, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    renameSync(draft, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/** A folder that only PostgreSQL's user may enter. */
export function closedFolder(path: string, user: SystemUser | null): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  if (user !== null) chownSync(path, user.uid, user.gid);
}
