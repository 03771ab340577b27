// `npm test`: set-up, then every test; the last line counts them all. `npm test -- <path>` runs some of the unit tests.
import { build } from '../setup/build.mjs';
import { runTool } from '../setup/child.mjs';
import { say } from '../setup/say.mjs';
import { installSystemParts } from '../setup/system-packages.mjs';
import { readVitestReport } from '../test/vitest-report.mjs';
import { lastLine, unexpectedSkips, verdict } from '../test/totals.mjs';

const filters = process.argv.slice(2);
const strict = process.env.CI === 'true' || process.env.AIOPS_NO_SKIP === '1';
const report = '.vitest/report.json';
const vitest = (args) =>
  runTool('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);

async function check(name, work) {
  const started = Date.now();
  say(`\n── ${name}`);
  const code = await work();
  say(`── ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  return code === 0;
}

if (filters.length > 0) process.exit(await vitest(filters));

installSystemParts();
build();

const checks = [
  await check('format', () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'])),
  await check('lint', () => runTool('eslint/bin/eslint.js', ['--max-warnings=0', '.'])),
  await check('import rules', () =>
    runTool('dependency-cruiser/bin/dependency-cruiser.mjs', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'apps',
      'libs',
    ]),
  ),
  await check('types', () =>
    runTool('nx/dist/bin/nx.js', ['run-many', '-t', 'typecheck', '--outputStyle=static', '--parallel=2']),
  ),
];
await check('tests', () => vitest([]));

const tests = readVitestReport(report);
const totals = {
  passed: checks.filter(Boolean).length + tests.passed,
  failed: checks.filter((ok) => !ok).length + tests.failed,
  skipped: tests.skipped.length,
};
for (const name of tests.failures) say(`FAILED  ${name}`);
for (const name of tests.skipped) say(`skipped ${name}`);
const unexpected = strict ? unexpectedSkips(tests.skipped) : [];
for (const name of unexpected) say(`NOT ALLOWED TO BE SKIPPED HERE  ${name}`);
process.stdout.write(`${lastLine(totals)}\n`);
process.exit(verdict(totals, unexpected));
