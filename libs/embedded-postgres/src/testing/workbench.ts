import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from '../index.js';
import { SHARED_ROOT } from '../reachable.js';

/** What an engine in a process of its own said when it was up. */
export interface EngineProcess {
  child: ChildProcess;
  url: string;
  owned: boolean;
  pid: number;
  /** Sends the signal and waits until it has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Whatever a test starts, so that nothing stays behind. */
export class Workbench {
  private readonly opened: EmbeddedPostgres[] = [];
  private readonly engines: EngineProcess[] = [];
  private readonly folders: string[] = [];

  folder(mode = 0o755): string {
    const folder = mkdtempSync(join(tmpdir(), 'aiops-embedded-'));
    chmodSync(folder, mode);
    this.folders.push(folder);
    return folder;
  }

  dataDir(): string {
    return join(this.folder(), 'data');
  }

  async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const postgres = await startEmbeddedPostgres(options);
    this.opened.push(postgres);
    if (postgres.dataDirectory.startsWith(SHARED_ROOT)) this.folders.push(join(postgres.dataDirectory, '..'));
    return postgres;
  }

  /** An engine in a process of its own. */
  async startProcess(dataDir: string): Promise<EngineProcess> {
    const script = fileURLToPath(new URL('engine.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    const line = await new Promise<string>((heard, fail) => {
      createInterface({ input: child.stdout }).once('line', heard);
      void ended.then(() => fail(new Error('The engine ended before it was up')));
    });
    const engine: EngineProcess = {
      ...(JSON.parse(line) as { url: string; owned: boolean; pid: number }),
      child,
      end: async (signal) => {
        child.kill(signal);
        await ended;
      },
    };
    this.engines.push(engine);
    return engine;
  }

  async clear(): Promise<void> {
    for (const engine of this.engines.splice(0))
      if (engine.child.exitCode === null && engine.child.signalCode === null) await engine.end('SIGTERM');
    for (const postgres of this.opened.splice(0)) await postgres.stop();
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process that runs and is no PostgreSQL. */
export function bystander(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

/** Resolves when the process is gone. */
export async function gone(isAlive: () => boolean): Promise<void> {
  while (isAlive()) await new Promise((next) => setTimeout(next, 10));
}
