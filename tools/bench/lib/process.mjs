import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A free loopback port; somebody else may take it before it is used, which a start then reports. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a program and keeps the end of what it says, for the case that it dies. */
export function start(command, args, env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      tail = (tail + chunk).slice(-4000);
    });
  }
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  return {
    pid: child.pid,
    ended,
    tail: () => tail,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until `url` answers 2xx. @throws with the program's last words when it ends first or takes too long. */
export async function untilReady(program, url, timeoutMs = 60_000) {
  const deadline = Date.now() + timeoutMs;
  let ended;
  void program.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    if (ended !== undefined) throw new Error(`${ended}\n${program.tail()}`);
    if (await answers(url)) return;
    if (Date.now() > deadline) throw new Error(`no answer from ${url} in ${timeoutMs} ms\n${program.tail()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
