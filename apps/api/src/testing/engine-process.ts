import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '@aiops/testing';

const child = fileURLToPath(new URL('./engine-child.mjs', import.meta.url));

/** A whole engine as a process that can be killed, from the present sources. */
export interface EngineProcess {
  url: string;
  /** SIGKILL: it gets no chance to say anything. */
  kill(): Promise<void>;
  /** SIGTERM: it hands its work back. */
  stop(): Promise<void>;
  /** Sends a signal and waits for nothing. */
  signal(name: NodeJS.Signals): void;
  /** Its exit code, once it has ended; null when a signal ended it. */
  ended: Promise<number | null>;
  /** SIGSTOP and SIGCONT: it sleeps and does not know it. */
  freeze(): void;
  thaw(): void;
}

export async function startEngineProcess(env: Record<string, string>): Promise<EngineProcess> {
  const engine = spawn(process.execPath, [child], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => engine.once('exit', (code) => resolve(code)));
  let out = '';
  let errors = '';
  engine.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  engine.stderr.on('data', (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-8000)));
  const url = await until(
    () => {
      if (engine.exitCode !== null) throw new Error(`the engine ended: ${errors}\n${out}`);
      return /^ready (\S+)$/m.exec(out)?.[1];
    },
    { description: 'the engine to be ready', timeoutMs: 60_000 },
  );
  return {
    url,
    kill: () => end(engine, 'SIGKILL'),
    stop: () => end(engine, 'SIGTERM'),
    signal: (name) => void engine.kill(name),
    ended,
    freeze: () => void engine.kill('SIGSTOP'),
    thaw: () => void engine.kill('SIGCONT'),
  };
}

function end(engine: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    engine.once('exit', () => resolve());
    engine.kill(signal);
  });
}
