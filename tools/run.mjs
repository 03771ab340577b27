// The way into every command: `node tools/run.mjs demo|start|dev|test|bench [-- args]`.
// Runs on any Node.js from 20 on, needs nothing installed, sees to the set-up and goes on with the pinned Node.js 24.
import { spawnSync } from 'node:child_process';
import { installDependencies } from './setup/dependencies.mjs';
import { pinnedNode } from './setup/pinned-node.mjs';
import { fail } from './setup/say.mjs';

const commands = {
  demo: 'tools/commands/demo.mjs',
  start: 'tools/commands/start.mjs',
  dev: 'tools/commands/dev.mjs',
  test: 'tools/commands/test.mjs',
  bench: 'tools/commands/bench.mjs',
};

const [command = '', ...rest] = process.argv.slice(2);
const script = commands[command];
if (script === undefined)
  fail(`Unknown command "${command}". There are: ${Object.keys(commands).join(', ')}.`);

installDependencies();
const args = rest[0] === '--' ? rest.slice(1) : rest;
// Ctrl-C reaches the child directly; this process only waits for it to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
const { status, signal, error } = spawnSync(pinnedNode(), [script, ...args], { stdio: 'inherit' });
if (error) fail(`Node.js could not be started: ${error.message}`);
process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
