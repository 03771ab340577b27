import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { findInstallation } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import { isAlive, readPostmaster } from './postmaster.js';
import { reachableDataDir, reachableInstallation } from './reachable.js';
import { postgresUser, type SystemUser } from './system-user.js';

export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster; made when it is not there. */
  dataDir: string;
  /** Further `-c name=value` settings. */
  settings?: Record<string, string>;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  /** Connection string of the database `aiops`. */
  url: string;
  /** Whether `stop` ends it: false while another process that lives started it. */
  owned: boolean;
  stop(): Promise<void>;
}

interface Place {
  root: string;
  cluster: string;
  log: string;
  ownerFile: string;
  password: string;
  user: SystemUser | null;
}

/** A small footprint for an engine that mostly waits; durability is never traded. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: '64MB',
  jit: 'off',
  timezone: 'UTC',
  log_min_messages: 'warning',
  autovacuum_max_workers: '1',
  max_worker_processes: '2',
  max_parallel_workers: '0',
  max_wal_senders: '0',
  wal_level: 'minimal',
};

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts PostgreSQL in `dataDir`, or joins the one that already runs there: after a crash of the process that started
 * it, PostgreSQL lives on, and whoever comes next takes it over.
 * @throws EmbeddedPostgresError that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = prepare(resolve(options.dataDir));
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) await initialise(place);
  const running = readPostmaster(place.cluster);
  const port = running?.port ?? (await launch(place, { ...settings, ...options.settings }));
  const url = await waitUntilReady(place, port);
  const owned = claim(place);
  return { url, owned, stop: () => (owned ? stop(place) : Promise.resolve()) };
}

function prepare(dataDir: string): Place {
  const user = postgresUser();
  const base = reachableDataDir(dataDir, user);
  const root = reachableInstallation(findInstallation().root, user, '18.4');
  const passwordFile = join(dataDir, 'password');
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  const cluster = join(base, 'cluster');
  mkdirSync(cluster, { recursive: true });
  if (user !== null) {
    chownSync(cluster, user.uid, user.gid);
    // The folder above belongs to root; PostgreSQL needs to walk through it only.
    chmodSync(base, 0o711);
  }
  chmodSync(cluster, 0o700);
  return {
    root,
    cluster,
    log: join(dataDir, 'postgres.log'),
    ownerFile: join(dataDir, 'owner.pid'),
    password: readFileSync(passwordFile, 'utf8').trim(),
    user,
  };
}

function run(place: Place, command: string, args: string[], detached: boolean): ChildProcess {
  const log = openSync(place.log, 'a');
  try {
    return spawn(join(place.root, 'bin', command), args, {
      cwd: place.cluster,
      stdio: ['ignore', log, log],
      // A process group of its own: Ctrl-C in a terminal must not stop the database before the engine is done with it.
      detached,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      ...(place.user === null ? {} : { uid: place.user.uid, gid: place.user.gid }),
    });
  } finally {
    closeSync(log);
  }
}

async function initialise(place: Place): Promise<void> {
  const passwordFile = join(place.cluster, '..', `init-${process.pid}`);
  writeFileSync(passwordFile, place.password, { mode: 0o600 });
  if (place.user !== null) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    const child = run(
      place,
      'initdb',
      ['-D', place.cluster, '-U', 'aiops', '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync'],
      false,
    );
    const code = await exitOf(child);
    if (code !== 0) throw failed(place, 'PostgreSQL could not set up its data directory');
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function launch(place: Place, all: Record<string, string>): Promise<number> {
  const port = await freePort();
  const args = ['-D', place.cluster, '-p', String(port)];
  for (const [name, value] of Object.entries(all)) args.push('-c', `${name}=${value}`);
  const child = run(place, 'postgres', args, true);
  child.unref();
  return port;
}

async function waitUntilReady(place: Place, port: number): Promise<string> {
  const url = (database: string) => `postgresql://aiops:${place.password}@127.0.0.1:${port}/${database}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url('postgres'), connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      const known = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'aiops'`);
      if (known.rowCount === 0) await client.query('CREATE DATABASE aiops');
      return url('aiops');
    } catch (error) {
      const gone = readPostmaster(place.cluster) === null && Date.now() > deadline - START_TIMEOUT_MS + 3_000;
      if (gone || Date.now() > deadline) throw failed(place, 'PostgreSQL did not start', error);
    } finally {
      await client.end().catch(() => undefined);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Makes this process the owner unless the present owner lives. */
function claim(place: Place): boolean {
  const owner = existsSync(place.ownerFile) ? Number(readFileSync(place.ownerFile, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner)) return false;
  writeFileSync(place.ownerFile, String(process.pid));
  return true;
}

async function stop(place: Place): Promise<void> {
  const postmaster = readPostmaster(place.cluster);
  rmSync(place.ownerFile, { force: true });
  if (postmaster === null) return;
  // SIGINT is PostgreSQL's "fast shutdown": sessions end, everything is written.
  process.kill(postmaster.pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(postmaster.pid)) {
    if (Date.now() > deadline) throw failed(place, 'PostgreSQL did not stop');
    await new Promise((next) => setTimeout(next, 25));
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
}

function failed(place: Place, what: string, cause?: unknown): EmbeddedPostgresError {
  const log = existsSync(place.log) ? readFileSync(place.log, 'utf8').trimEnd().split('\n').slice(-8).join('\n  ') : '';
  return new EmbeddedPostgresError(
    `${what}. Its log (${place.log}) ends with:\n  ${log}\nFree disk space and memory, or set DATABASE_URL to another PostgreSQL.`,
    { cause },
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((closed) => server.close(() => closed()));
  return port;
}
