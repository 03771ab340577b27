// `npm run dev`: both apps in watch mode; one Ctrl-C ends all.
import { join } from 'node:path';
import { build } from '../setup/build.mjs';
import { runTogether } from '../setup/together.mjs';

await build();
// The engine writes to a pipe here, and cannot see that a person reads.
if (process.stdout.isTTY) {
  process.env.LOG_FORMAT ??= 'pretty';
  process.env.FORCE_COLOR ??= '1';
}
const tool = (file, ...args) => [join('node_modules', file), ...args];
const compile = (project) =>
  tool('typescript/bin/tsc', '-p', join(project, 'tsconfig.build.json'), '--watch', '--preserveWatchOutput');
const libraries = ['libs/contracts', 'libs/runbook-format', 'libs/embedded-postgres'];
const watched = [...libraries, 'apps/api'].map((project) => `--watch-path=${join(project, 'dist')}`);

process.exit(
  await runTogether([
    ...libraries.map((project) => [project.replace('libs/', ''), compile(project)]),
    ['api types', compile('apps/api')],
    ['api', [...watched, '--watch-preserve-output', 'apps/api/dist/main.js']],
    ['web', tool('vite/bin/vite.js', 'apps/web', '--clearScreen', 'false')],
  ]),
);
