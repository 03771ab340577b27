import { constants } from 'node:os';
import type { Engine } from './engine.js';

/** What may come after the shutdown time before the process is ended by force: the embedded PostgreSQL stops last. */
const FORCE_MS = 5_000;
/** A Ctrl-C comes to the whole group of processes, and once more from whoever hands it on, such as npm. */
const ECHO_MS = 300;

/**
 * Ends the process at the first SIGTERM or SIGINT: in good order and with code 0, also when that comes while the engine
 * still starts. A second signal ends it at once, with 128 and the number of the signal.
 */
export function stopOnSignals(starting: Promise<Engine>): void {
  let first: number | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (first === undefined) {
      first = performance.now();
      void stop(starting);
    } else if (signal === 'SIGTERM' || performance.now() - first > ECHO_MS) {
      process.stderr.write(`${signal} once more: ended at once.\n`);
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

async function stop(starting: Promise<Engine>): Promise<void> {
  // A start that fails says so itself.
  const engine = await starting.catch(() => null);
  if (engine === null) return;
  const { SHUTDOWN_TIMEOUT_MS } = engine.config.settings;
  setTimeout(() => {
    process.stderr.write('The engine did not stop in time and was ended.\n');
    process.exit(1);
  }, SHUTDOWN_TIMEOUT_MS + FORCE_MS).unref();
  try {
    await engine.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`Stopped with an error: ${String(error)}\n`);
    process.exit(1);
  }
}
