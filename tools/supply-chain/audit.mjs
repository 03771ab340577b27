// `npm run audit`: asks the registry for known vulnerabilities of the locked packages. Exits with 1 for one that the policy does not
// let pass, and with 2 when the registry does not answer, so that nobody takes silence for safety.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { advisoriesOf, vulnerabilityProblems } from './vulnerabilities.mjs';

const policy = JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8'));
const { stdout } = spawnSync('npm', ['audit', '--json', '--audit-level=none'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
const report = JSON.parse(stdout.slice(stdout.indexOf('{')) || '{}');
if (report.auditReportVersion === undefined) {
  process.stderr.write(`The registry gave no report: ${report.message ?? 'no answer'}\n`);
  process.exit(2);
}
const advisories = advisoriesOf(report);
const problems = vulnerabilityProblems(
  advisories,
  policy.vulnerabilities,
  new Date().toISOString().slice(0, 10),
);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${advisories.length} advisories, ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);
