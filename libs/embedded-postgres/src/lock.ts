import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './errors.js';
import { identityOf } from './process-identity.js';

const FREE = 'free';
const POLL_MS = 20;
const WAIT_MS = 120_000;

/**
 * Runs `work` while no other process does so in the same folder. The lock of a process that was killed is free again.
 *
 * Every holder gets the next number and the file with the highest number counts. A file is never taken over, only
 * followed by one with a higher number, so that two that find a dead holder at once cannot both win.
 * @throws EmbeddedPostgresError when a live process does not let go.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const held = await acquire(folder);
  try {
    return await work();
  } finally {
    replace(folder, held, FREE);
  }
}

async function acquire(folder: string): Promise<number> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const newest = numbers(folder).at(-1) ?? 0;
    const holder = newest === 0 ? FREE : (read(folder, newest) ?? FREE);
    if (isFree(holder) && take(folder, newest + 1)) return newest + 1;
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `Process ${holder.split(' ')[0] ?? ''} has been starting or stopping the database for too long. End it, or delete ${folder}.`,
      );
    }
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
}

function isFree(holder: string): boolean {
  if (holder === FREE) return true;
  return identityOf(Number(holder.split(' ')[0])) !== holder.slice(0, holder.lastIndexOf(' '));
}

/** Whether this process now holds the lock. The file appears with its content, since a link is made in one step. */
function take(folder: string, number: number): boolean {
  const draft = join(folder, `draft-${randomUUID()}`);
  writeFileSync(draft, `${identityOf(process.pid) ?? process.pid} ${randomUUID()}`, { mode: 0o600 });
  try {
    linkSync(draft, join(folder, String(number)));
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const all = numbers(folder);
  // Somebody slower may follow a number that was passed and cleared away meanwhile: the highest always stays.
  if (all.at(-1) !== number) {
    rmSync(join(folder, String(number)), { force: true });
    return false;
  }
  for (const old of all.slice(0, -1)) rmSync(join(folder, String(old)), { force: true });
  return true;
}

function replace(folder: string, number: number, content: string): void {
  const draft = join(folder, `draft-${randomUUID()}`);
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, join(folder, String(number)));
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function read(folder: string, number: number): string | null {
  try {
    return readFileSync(join(folder, String(number)), 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
