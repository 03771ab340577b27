import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { exitCode, onStop, toolEnv } from './child.mjs';

const PATIENCE_MS = 15_000;

/**
 * Runs several commands side by side, each line of output with the name of its command in front. When one ends, or when
 * this process is told to stop, all end; what has not ended after 15 s is killed.
 * @param parts pairs of name and arguments for this same Node.js.
 * @param write where the lines go.
 * @returns the exit code of the first that ended by itself; 0 when they were stopped.
 */
export async function runTogether(parts, write = (line) => process.stdout.write(line)) {
  const width = Math.max(...parts.map(([name]) => name.length));
  let result = null;
  let patience;
  const stop = (code) => {
    if (result !== null) return;
    result = code;
    for (const child of children) child.kill('SIGTERM');
    patience = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), PATIENCE_MS);
  };
  const children = parts.map(([, args]) =>
    spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: toolEnv() }),
  );
  const unwatch = onStop(() => stop(0));
  const ends = children.map((child, index) => {
    const prefix = `${parts[index][0].padEnd(width)} │ `;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => write(`${prefix}${line}\n`));
    return new Promise((resolve) => {
      child.on('error', () => stop(127));
      child.on('exit', (code, signal) => stop(exitCode(code, signal)));
      child.on('close', resolve);
    });
  });
  await Promise.all(ends);
  clearTimeout(patience);
  unwatch();
  return result;
}
