import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, isAlive } from './process-identity.js';

/** What `postmaster.pid` says: https://www.postgresql.org/docs/current/storage-file-layout.html */
export interface Postmaster {
  pid: number;
  port: number;
}

/** What the pid file of the data directory says, true or not; null when there is none, as after a clean stop. */
export function readPidFile(cluster: string): Postmaster | null {
  let text: string;
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return null;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) } : null;
}

/**
 * The postmaster that lives on this data directory, or null. A pid file outlives a crash and its number may belong to
 * any program by now, so the command line must name the data directory as well.
 */
export function readPostmaster(cluster: string): Postmaster | null {
  const said = readPidFile(cluster);
  if (said === null || !isAlive(said.pid)) return null;
  const command = commandLineOf(said.pid);
  return command === null || command.includes(cluster) ? said : null;
}
