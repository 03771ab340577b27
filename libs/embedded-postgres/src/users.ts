import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from './process-identity.js';

/** Handle of one start, written down so that other processes know of it. */
export interface Registration {
  file: string;
}

/** Writes down that this process uses the database. Call under the lock. */
export function register(folder: string): Registration {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, randomUUID());
  writeFileSync(file, identityOf(process.pid) ?? '', { mode: 0o600 });
  return { file };
}

/** False when it was taken back before. Call under the lock. */
export function unregister(registration: Registration): boolean {
  const present = existsSync(registration.file);
  rmSync(registration.file, { force: true });
  return present;
}

/** Whether anything that lives uses the database. Clears away what was killed. Call under the lock. */
export function hasUsers(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let found = false;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const identity = readFileSync(file, 'utf8');
    if (identityOf(Number(identity.split(' ')[0])) === identity) found = true;
    else rmSync(file, { force: true });
  }
  return found;
}
