import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@aiops/embedded-postgres';

/** A PostgreSQL that forgets on a crash, which is the price of its speed. */
export interface ThrowAwayPostgres {
  url: string;
  pid: number;
  dataDir: string;
  /** Ends it and removes everything. */
  remove(): Promise<void>;
}

const fast = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '128MB',
};

/** Starts it in a temporary folder. It ends with this process, however that ends: Ctrl-C and SIGKILL included. */
export async function startThrowAwayPostgres(): Promise<ThrowAwayPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aiops-test-postgres-'));
  const postgres = await startEmbeddedPostgres({ dataDir, settings: fast });
  const remove = process.platform === 'win32' ? orderly(postgres, dataDir) : guarded(postgres, dataDir);
  return { url: postgres.url, pid: postgres.pid, dataDir, remove };
}

/** $1 is PostgreSQL, the others are folders. The end of the input is the end of the process that holds the other end. */
const guard = `
read -r _
kill -QUIT "$1" 2>/dev/null
turns=0
while kill -0 "$1" 2>/dev/null && [ "$turns" -lt 100 ]; do sleep 0.1; turns=$((turns + 1)); done
rm -rf "$2" "$3"
`;

/** A small shell waits for this process to end or to say so, and clears up: it gets no chance to when it is killed. */
function guarded(postgres: EmbeddedPostgres, dataDir: string): () => Promise<void> {
  const outside = postgres.dataDirectory.startsWith(dataDir) ? dataDir : join(postgres.dataDirectory, '..');
  const shell = spawn('sh', ['-c', guard, 'sh', String(postgres.pid), dataDir, outside], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of reach of Ctrl-C, which must not end the guard with the tests.
    detached: true,
    cwd: '/',
  });
  const ended = new Promise<void>((done) => shell.once('exit', () => done()));
  shell.unref();
  return async () => {
    await postgres.stop();
    shell.ref();
    shell.stdin.end();
    await ended;
  };
}

function orderly(postgres: EmbeddedPostgres, dataDir: string): () => Promise<void> {
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
