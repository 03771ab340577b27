import { realpathSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { EmbeddedPostgresError } from './errors.js';
import type { Place } from './place.js';
import { readPidFile, readPostmaster } from './postmaster.js';
import { isAlive } from './process-identity.js';
import { programFailed, saidSince, startProgram, type Program } from './program.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const PORT_ATTEMPTS = 3;
const INVALID_PASSWORD = '28P01';

/** How the server was reached. */
export interface Reached {
  port: number;
  /** It ran already. */
  adopted: boolean;
}

/** Joins the server that lives on this cluster, or starts one, on `wanted` if that is given. Call under the lock. */
export async function reachServer(
  place: Place,
  settings: Record<string, string>,
  wanted?: number,
): Promise<Reached> {
  const adopted = await adopt(place);
  if (adopted !== null) return { port: adopted, adopted: true };
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    const program = launch(place, port, settings);
    if (await becomesReady(place, port, program)) return { port, adopted: false };
    const portTaken = /address already in use/i.test(saidSince(place.log, program.logOffset));
    if (!portTaken || wanted !== undefined || attempt === PORT_ATTEMPTS)
      throw programFailed(place, 'PostgreSQL did not start', program.logOffset);
  }
}

/** Port of the server that lives on the cluster, once it answers; null when none lives (any more). */
async function adopt(place: Place): Promise<number | null> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const postmaster = readPostmaster(place.cluster);
    if (postmaster === null) return null;
    // It may be starting, recovering from a crash or about to stop; all of these pass.
    if (await isOurs(place, postmaster.port)) return postmaster.port;
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `Process ${postmaster.pid} holds ${place.cluster} and does not answer on port ${postmaster.port}. End it (kill -INT ${postmaster.pid}), then start again. The log is ${place.log}.`,
      );
    }
    await pause();
  }
}

function launch(place: Place, port: number, settings: Record<string, string>): Program {
  const args = ['-D', place.cluster, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  // A pid file that is left over may carry the id of a program that lives and is no PostgreSQL. Its own check of the
  // shared memory stays, so that nothing starts beside processes of an earlier server.
  const stale = readPidFile(place.cluster);
  const program = startProgram(
    place,
    'postgres',
    args,
    stale === null ? {} : { PG_GRANDPARENT_PID: String(stale.pid) },
  );
  program.child.unref();
  return program;
}

/** False when the program ended instead. A server that fails in another way is not left behind. */
async function becomesReady(place: Place, port: number, program: Program): Promise<boolean> {
  let running = true;
  const ended = program.ended.finally(() => (running = false));
  const deadline = Date.now() + START_TIMEOUT_MS;
  try {
    while (running && Date.now() < deadline) {
      if (await isOurs(place, port)) return true;
      await Promise.race([ended, pause()]);
    }
  } catch (error) {
    if (running) await endProgram(program);
    throw error;
  }
  if (!running) return false;
  await endProgram(program);
  throw programFailed(
    place,
    `PostgreSQL did not answer within ${START_TIMEOUT_MS / 1000} s`,
    program.logOffset,
  );
}

async function endProgram(program: Program): Promise<void> {
  program.child.kill('SIGINT');
  await program.ended;
}

/**
 * Whether the server on `port` works on our cluster, which only it can tell; false while it does not answer.
 * @throws EmbeddedPostgresError when it does not know our password.
 */
async function isOurs(place: Place, port: number): Promise<boolean> {
  const client = connection(place, port);
  try {
    await client.connect();
    const { rows } = await client.query<{ path: string }>(`SELECT current_setting('data_directory') AS path`);
    return realpathSync(rows[0]?.path ?? '') === realpathSync(place.cluster);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INVALID_PASSWORD) {
      throw new EmbeddedPostgresError(
        `The stored password does not open the embedded PostgreSQL on ${place.cluster}: put the file "password" back from a backup, or move the folder away to begin anew.`,
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the database unless it is there. */
export async function ensureDatabase(place: Place, port: number, name: string): Promise<void> {
  const client = connection(place, port);
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** PostgreSQL's "fast shutdown": sessions end, everything is written. Nothing to do when it does not run. */
export async function stopServer(place: Place): Promise<void> {
  const postmaster = readPostmaster(place.cluster);
  if (postmaster === null) return;
  if (process.platform === 'win32') {
    // Windows knows no signals; pg_ctl uses PostgreSQL's own pipe.
    await startProgram(place, 'pg_ctl', ['stop', '-D', place.cluster, '-m', 'fast']).ended;
  } else {
    try {
      process.kill(postmaster.pid, 'SIGINT');
    } catch (error) {
      // It ended by itself a moment ago.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(postmaster.pid)) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL (process ${postmaster.pid}) did not stop within ${STOP_TIMEOUT_MS / 1000} s; nothing is lost. The log is ${place.log}.`,
      );
    }
    await pause();
  }
}

function connection(place: Place, port: number): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'aiops',
    password: place.password,
    database: 'postgres',
    // Said here, so that PGSSLMODE and the like of the surroundings have no say.
    ssl: false,
    connectionTimeoutMillis: 2_000,
  });
  // A server that stops drops idle connections; whoever asks next finds out.
  client.on('error', () => undefined);
  return client;
}

function pause(): Promise<void> {
  return new Promise((next) => setTimeout(next, POLL_MS));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((closed) => server.close(() => closed()));
  return port;
}
