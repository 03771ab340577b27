import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { adviceFor } from './advice.js';
import { EmbeddedPostgresError } from './errors.js';
import type { Place } from './place.js';

/** A program of PostgreSQL that was started, and where in the log its words begin. */
export interface Program {
  child: ChildProcess;
  logOffset: number;
  /** Resolves with the exit code when it has ended, or rejects when it could not be started. */
  ended: Promise<number | null>;
}

/** Variables that the programs need. The engine's secrets are not among them, nor PG… variables that would steer them. */
const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LD_LIBRARY_PATH',
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'USERPROFILE',
  'APPDATA',
];

/** Starts one of PostgreSQL's programs as PostgreSQL's user; what it says goes to the log. */
export function startProgram(
  place: Place,
  name: string,
  args: string[],
  env: Record<string, string> = {},
): Program {
  const log = openSync(place.log, 'a', 0o600);
  const logOffset = statSync(place.log).size;
  try {
    const child = spawn(join(place.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name), args, {
      cwd: join(place.cluster, '..'),
      stdio: ['ignore', log, log],
      // A process group of its own: Ctrl-C in a terminal must not stop the database before the engine is done with it.
      detached: true,
      windowsHide: true,
      env: { ...environment(), LC_ALL: 'C', TZ: 'UTC', ...env },
      ...(place.user === null ? {} : { uid: place.user.uid, gid: place.user.gid }),
    });
    const ended = new Promise<number | null>((done, fail) => {
      child.once('error', (error) => fail(notStarted(place, name, error)));
      child.once('exit', done);
    });
    // Whoever waits for it sees the failure; without this line a program that nobody waits for would end the engine.
    ended.catch(() => undefined);
    return { child, logOffset, ended };
  } finally {
    closeSync(log);
  }
}

/** A failure that quotes what the program said and tells what to do. */
export function programFailed(
  place: Place,
  what: string,
  logOffset: number,
  cause?: unknown,
): EmbeddedPostgresError {
  const said = saidSince(place.log, logOffset);
  const excerpt =
    said.trim() === ''
      ? 'It said nothing.'
      : `It said:\n  ${said.trimEnd().split('\n').slice(-8).join('\n  ')}`;
  return new EmbeddedPostgresError(`${what}. ${excerpt}\n${adviceFor(said)} The log is ${place.log}.`, {
    cause,
  });
}

export function saidSince(log: string, offset: number): string {
  return existsSync(log) ? readFileSync(log).subarray(offset).toString('utf8') : '';
}

function notStarted(place: Place, name: string, cause: Error): EmbeddedPostgresError {
  const noLoader = 'code' in cause && cause.code === 'ENOENT' && existsSync(join(place.root, 'bin', name));
  const advice = noLoader
    ? 'It is built for glibc, which this system (Alpine or another musl) lacks: set DATABASE_URL to a PostgreSQL 15 or newer.'
    : adviceFor(cause.message);
  return new EmbeddedPostgresError(`PostgreSQL's ${name} could not be started: ${cause.message}. ${advice}`, {
    cause,
  });
}

function environment(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
