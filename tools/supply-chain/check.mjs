// `npm run supply-chain`: where packages come from, their install scripts and their licences, by the lock file alone.
import { readFileSync } from 'node:fs';
import { licenceProblems, staleLicenceEntries } from './licences.mjs';
import { packagesOf, readLock, scriptProblems, sourceProblems } from './lockfile.mjs';

const policy = JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8'));
const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = packagesOf(readLock());
const problems = [
  ...sourceProblems(packages),
  ...scriptProblems(packages, { allowScripts, npmrc: readFileSync('.npmrc', 'utf8') }),
  ...licenceProblems(packages, policy.licences),
  ...staleLicenceEntries(packages, policy.licences).map(
    (name) => `${name} stands in tools/supply-chain/policy.json and is not installed`,
  ),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${packages.length} packages looked at, ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);
