import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The environment of everything that is started: tools and the pinned Node.js come first. */
export const toolEnv = () => ({
  ...process.env,
  PATH: [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
});

/** Runs a command in the foreground. @returns its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...toolEnv(), ...env } });
    const pass = (signal) => () => child.kill(signal);
    const handlers = [
      ['SIGTERM', pass('SIGTERM')],
      // A terminal sends Ctrl-C to the whole group; the child ends by itself.
      ['SIGINT', () => undefined],
    ];
    for (const [signal, handler] of handlers) process.on(signal, handler);
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs one of the workspace's own tools by its JavaScript file, on this same Node.js. */
export const runTool = (file, args, env) => run(process.execPath, [join('node_modules', file), ...args], env);
