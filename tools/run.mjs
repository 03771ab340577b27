// The way into every command: `node tools/run.mjs demo|start|dev|test|bench|fuzz|aiops [-- args]`.
// Runs on any Node.js from 20 on, needs nothing installed, sees to the set-up and goes on with the pinned Node.js 24.
import { fileURLToPath } from 'node:url';
import { run } from './setup/child.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { pinnedNode } from './setup/pinned-node.mjs';
import { fail } from './setup/say.mjs';

const commands = {
  demo: 'tools/commands/demo.mjs',
  start: 'tools/commands/start.mjs',
  dev: 'tools/commands/dev.mjs',
  test: 'tools/commands/test.mjs',
  bench: 'tools/commands/bench.mjs',
  fuzz: 'tools/commands/fuzz.mjs',
  aiops: 'tools/commands/aiops.mjs',
};

const [command = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, command))
  fail(`Unknown command "${command}". There are: ${Object.keys(commands).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node.js 20 or newer is needed to begin with; this is ${process.version}.`);

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
await installDependencies();
const args = rest[0] === '--' ? rest.slice(1) : rest;
process.exit(await run(pinnedNode(), [commands[command], ...args]));
