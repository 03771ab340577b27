import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** The environment of everything that is started: tools and the pinned Node.js come first. */
export const toolEnv = () => ({
  ...process.env,
  PATH: [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  npm_config_loglevel: 'error',
});

/** The exit code of a command as a shell would tell it. */
export const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

let stopSignal = null;

/** The signal that told this process to stop while a command ran; null as long as none did. */
export const stoppedBy = () => stopSignal;

/**
 * Calls `stop` when this process is to end: by a signal, or because npm, which started it, is gone. (npm ends only the
 * shell between us when it is killed itself.) A terminal sends Ctrl-C to the whole group, so that children already
 * have it; `stop` is told.
 * @returns what ends the watch.
 */
export function onStop(stop) {
  const signals = { SIGINT: true, SIGTERM: false, SIGHUP: false };
  const handlers = Object.entries(signals).map(([signal, reachesChildren]) => [
    signal,
    () => stop(signal, reachesChildren),
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) stop('SIGTERM', false);
  }, 500);
  return () => {
    clearInterval(orphaned);
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * Runs a command in the foreground.
 * @param options `env` adds to the environment, `quiet` shows the output only when the command failed.
 * @returns its exit code, 127 when it could not be started.
 */
export function run(command, args, { env = {}, quiet = false, shell = false } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { stdio, shell, env: { ...toolEnv(), ...env } });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const unwatch = onStop((signal, reachedChild) => {
      stopSignal = signal;
      if (!reachedChild) child.kill(signal);
    });
    // A command that could not be started says so and closes too.
    let ended = false;
    const end = (code) => {
      if (ended) return;
      ended = true;
      unwatch();
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code);
    };
    child.on('error', (error) => {
      output.push(Buffer.from(`${command}: ${error.message}\n`));
      end(127);
    });
    child.on('close', (code, signal) => end(exitCode(code, signal)));
  });
}

/** Runs one of the workspace's own tools by its JavaScript file, on this same Node.js. */
export const runTool = (file, args, options) =>
  run(process.execPath, [join('node_modules', file), ...args], options);
