import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { explained } from './errors.js';
import { initialise } from './initialise.js';
import { withLock } from './lock.js';
import { prepare, type Place } from './place.js';
import { readPostmaster } from './postmaster.js';
import { ensureDatabase, reachServer, stopServer } from './server.js';
import { defaultSettings } from './settings.js';
import { supervise } from './supervise.js';
import { hasUsers, register, unregister, type Registration } from './users.js';

export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster; made when it is not there. */
  dataDir: string;
  /** Further settings of PostgreSQL (`-c name=value`); they count when this call starts it, not when it joins. */
  settings?: Record<string, string>;
  /** Port on 127.0.0.1 to start on; a free one unless given. One that runs already keeps its own. */
  port?: number;
  /** Told what happens, for people: one sentence each. */
  log?(message: string): void;
}

/** A running PostgreSQL, which is started again on its port when it dies while it is in use. */
export interface EmbeddedPostgres {
  /** Connection string of the database `aiops`. */
  url: string;
  /** False when another live process used it already at the time of the start. */
  owned: boolean;
  /** Process id of the server at the time of the start. */
  pid: number;
  /** PostgreSQL's own data directory; it lies outside `dataDir` where PostgreSQL's user cannot reach that. */
  dataDirectory: string;
  /** Ends the use; the last one to do so stops the server. A second call does nothing. */
  stop(): Promise<void>;
}

const DATABASE = 'aiops';

/**
 * Starts PostgreSQL in `dataDir`, or joins the one that already runs there: after a crash of the process that started
 * it, PostgreSQL lives on, and whoever comes next takes it over.
 * @throws EmbeddedPostgresError that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    mkdirSync(options.dataDir, { recursive: true });
    const dataDir = realpathSync(options.dataDir);
    return await withLock(join(dataDir, 'lock'), () => start(dataDir, options));
  } catch (error) {
    throw explained(error, options.dataDir);
  }
}

async function start(dataDir: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const settings = { ...defaultSettings, ...options.settings };
  const place = prepare(dataDir);
  await initialise(place, settings['fsync'] !== 'off');
  const { port, adopted } = await reachServer(place, settings, options.port);
  await ensureDatabase(place, port, DATABASE);
  const users = join(dataDir, 'users');
  const owned = !hasUsers(users);
  const registration = register(users);
  const supervision = supervise({
    lives: () => readPostmaster(place.cluster) !== null,
    restart: () => withLock(join(dataDir, 'lock'), () => reachServer(place, settings, port)),
    log: (message) => options.log?.(message),
  });
  options.log?.(`PostgreSQL ${sentence(adopted, owned)} on 127.0.0.1:${port}, data in ${place.cluster}`);
  return {
    url: `postgresql://aiops:${place.password}@127.0.0.1:${port}/${DATABASE}`,
    owned,
    pid: readPostmaster(place.cluster)?.pid ?? 0,
    dataDirectory: place.cluster,
    stop: async () => {
      await supervision.end();
      await withLock(join(dataDir, 'lock'), () => leave(place, users, registration, options));
    },
  };
}

function sentence(adopted: boolean, owned: boolean): string {
  if (!adopted) return 'was started';
  return owned ? 'was taken over from an engine that is gone' : 'is shared with another engine';
}

async function leave(
  place: Place,
  users: string,
  registration: Registration,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  if (!unregister(registration)) return;
  if (hasUsers(users)) {
    options.log?.('PostgreSQL goes on: another engine uses it');
    return;
  }
  await stopServer(place);
  options.log?.('PostgreSQL was stopped');
}
