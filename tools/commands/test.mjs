// `npm test`: set-up, then every test; the last line counts them all. `npm test -- <filter>` runs some: whatever Vitest
// takes, such as a path or `--project api`.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildStale } from '../setup/build.mjs';
import { exitCode, runTool, stoppedBy } from '../setup/child.mjs';
import { say } from '../setup/say.mjs';
import { installSystemParts } from '../setup/system-packages.mjs';
import { neverRun, testFiles } from '../test/test-files.mjs';
import { addUp, lastLine, verdict } from '../test/totals.mjs';
import { checkTypes } from '../test/types.mjs';
import { readOutcome } from '../test/vitest-report.mjs';

const filters = process.argv.slice(2);
const strict = process.env.CI === 'true' || process.env.AIOPS_NO_SKIP === '1';
const checks = [];
const outcomes = [];

/** After Ctrl-C nothing more is begun. */
function leaveWhenStopped() {
  if (stoppedBy() !== null) process.exit(exitCode(null, stoppedBy()));
}

async function timed(name, work) {
  say(`\n── ${name}`);
  const started = Date.now();
  const code = await work();
  leaveWhenStopped();
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`── ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return code;
}

async function check(name, work) {
  checks.push({ name, ok: (await timed(name, work)) === 0 });
}

async function suite(name, args) {
  const report = `.vitest/report-${outcomes.length + 1}.json`;
  // An old report must not speak for a runner that died.
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await timed(name, () => runTool('vitest/vitest.mjs', ['run', ...reporters, ...args]));
  outcomes.push(readOutcome(name, report, code));
}

await installSystemParts();
leaveWhenStopped();
await check('build', buildStale);
if (filters.length > 0) {
  await suite('tests', filters);
} else {
  await check('format', () =>
    runTool('prettier/bin/prettier.cjs', [
      '--check',
      '--log-level=warn',
      '--cache',
      '--cache-strategy=content',
      '.',
    ]),
  );
  await check('lint', () => runTool('eslint/bin/eslint.js', ['--max-warnings=0', '.']));
  await check('import rules', () =>
    runTool('dependency-cruiser/bin/dependency-cruiser.mjs', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'apps',
      'libs',
    ]),
  );
  await check('types', checkTypes);
  await suite('unit and integration', ['--project=!e2e', '--project=!acceptance']);
  await suite('browser', ['--project=e2e']);
  await suite('real peers', ['--project=acceptance']);
}

const wanted =
  filters.length > 0 ? [] : ['apps', 'libs', 'tools'].flatMap(testFiles).map((file) => resolve(file));
const forgotten = neverRun(
  wanted,
  outcomes.flatMap((outcome) => outcome.files),
);
const totals = addUp({ checks, outcomes, forgotten, strict });
say('');
for (const { file, name } of totals.skips) say(`skipped ${file}: ${name}`);
for (const failure of totals.failures) say(`FAILED  ${failure}`);
process.stdout.write(`${lastLine(totals)}\n`);
process.exit(verdict(totals));
