// `npm run dev`: both apps in watch mode; one Ctrl-C ends all.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { build } from '../setup/build.mjs';
import { toolEnv } from '../setup/child.mjs';

build();
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const watch = (project) => [
  tsc,
  '-p',
  join(project, 'tsconfig.build.json'),
  '--watch',
  '--preserveWatchOutput',
];
const parts = [
  ['contracts', watch('libs/contracts')],
  ['format', watch('libs/runbook-format')],
  ['types', watch('apps/api')],
  [
    'engine',
    [
      '--watch-path=apps/api/dist',
      '--watch-path=libs/contracts/dist',
      '--watch-path=libs/runbook-format/dist',
      '--watch-preserve-output',
      'apps/api/dist/main.js',
    ],
  ],
  ['web', [join('node_modules', 'vite', 'bin', 'vite.js'), 'apps/web', '--clearScreen', 'false']],
];

const children = parts.map(([name, args]) => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: toolEnv() });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) =>
      process.stdout.write(`${name.padEnd(9)} │ ${line}\n`),
    );
  }
  child.on('exit', (code) => stop(code ?? 1));
  return child;
});

let stopping = false;
function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));
