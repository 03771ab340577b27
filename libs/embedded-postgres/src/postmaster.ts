import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `postmaster.pid` says: https://www.postgresql.org/docs/current/storage-file-layout.html */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** Whether a process with this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The postmaster that holds this data directory, or null when none lives. */
export function readPostmaster(cluster: string): Postmaster | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  return { pid, port, ready: (lines[7] ?? '').trim() === 'ready' };
}
