import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built engine as a process of its own, exactly as `npm start` runs it. */
export interface EngineProcess {
  url: string;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../../api/dist/main.js', import.meta.url));
const START_TIMEOUT_MS = 90_000;

/** Starts it and waits until it is ready. @throws with its output when it does not get there. */
export async function startEngineProcess(env: Record<string, string>, port: number): Promise<EngineProcess> {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the demo, which then stops the engine in order.
    detached: true,
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-8_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The engine did not start:\n${output}`);
    await new Promise((next) => setTimeout(next, 100));
  }
  return { url, stop: () => end(child) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
