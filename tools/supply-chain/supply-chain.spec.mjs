import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { licenceProblems, staleLicenceEntries } from './licences.mjs';
import { packagesOf, scriptProblems, sourceProblems } from './lockfile.mjs';
import { advisoriesOf, vulnerabilityProblems } from './vulnerabilities.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const locked = (entry) =>
  packagesOf({
    packages: { 'node_modules/it': { version: '1.0.0', integrity: 'sha512-x', license: 'MIT', ...entry } },
  });

describe('the locked packages', () => {
  it('have checksums and come from a registry', () => {
    expect(sourceProblems(locked({}))).toEqual([]);
    expect(sourceProblems(locked({ integrity: undefined }))).toEqual([
      expect.stringContaining('no checksum'),
    ]);
    expect(sourceProblems(locked({ resolved: 'git+ssh://git@example.org/it.git#1' }))).toEqual([
      expect.stringContaining('not come from a package registry'),
    ]);
  });

  it('run no install script, and one that has a script is known by name', () => {
    const npmrc = 'save-exact=true\nignore-scripts=true\n';
    const withScript = locked({ hasInstallScript: true });
    expect(scriptProblems(withScript, { npmrc, allowScripts: { it: false } })).toEqual([]);
    expect(scriptProblems(withScript, { npmrc, allowScripts: {} })).toEqual([
      expect.stringContaining('it has an install script'),
    ]);
    expect(scriptProblems(locked({}), { npmrc, allowScripts: { it: false } })).toHaveLength(1);
    expect(scriptProblems([], { npmrc: 'save-exact=true\n', allowScripts: {} })).toHaveLength(1);
  });

  it('are under licences that were agreed to', () => {
    const policy = {
      allowed: ['MIT', 'ISC'],
      exceptions: { 'it*': { licence: 'MPL-2.0' } },
      said: { it: { licence: 'ISC' } },
    };
    const problems = (license) => licenceProblems(locked({ license }), policy).length;
    expect(['MIT', '(GPL-3.0 OR MIT)', 'MIT AND ISC', 'MPL-2.0', undefined].map(problems)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(['GPL-3.0', 'MIT AND GPL-3.0', '(MIT OR (ISC AND X))', 'SEE LICENSE'].map(problems)).toEqual([
      1, 1, 1, 1,
    ]);
    expect(licenceProblems(locked({ license: undefined }), { ...policy, said: {} })).toHaveLength(1);
    expect(
      staleLicenceEntries(locked({}), { exceptions: { 'it*': {}, 'gone-*': {} }, said: { lost: {} } }),
    ).toEqual(['gone-*', 'lost']);
  });

  it('of this workspace hold to all of that', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/supply-chain/check.mjs'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('known vulnerabilities', () => {
  const url = 'https://github.com/advisories/GHSA-1111-2222-3333';
  const report = {
    auditReportVersion: 2,
    vulnerabilities: {
      it: { via: [{ url, name: 'it', title: 'Reads too much', severity: 'high' }] },
      user: { via: ['it'] },
    },
  };
  const judge = (policy, today = '2026-06-01') =>
    vulnerabilityProblems(advisoriesOf(report), { level: 'high', exceptions: {}, ...policy }, today);

  it('stop a release from the level of the policy on, each told once', () => {
    expect(judge({})).toEqual(['it: Reads too much (high, GHSA-1111-2222-3333)']);
    expect(judge({ level: 'critical' })).toEqual([]);
  });

  it('may be let pass with a reason, until a day', () => {
    const exceptions = { 'GHSA-1111-2222-3333': { why: 'That part is not used.', until: '2026-06-01' } };
    expect(judge({ exceptions })).toEqual([]);
    expect(judge({ exceptions }, '2026-06-02')).toEqual([expect.stringContaining('ended on 2026-06-01')]);
    expect(judge({ exceptions: { ...exceptions, 'GHSA-gone': { why: 'x', until: '2027-01-01' } } })).toEqual([
      expect.stringContaining('not needed any more'),
    ]);
  });
});

describe('the bill of materials', () => {
  it('names what runs in production, in CycloneDX', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/supply-chain/sbom.mjs'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const bill = JSON.parse(readFileSync(`${root}/dist/sbom.cdx.json`, 'utf8'));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'aiops-remediation-engine' } },
    });
    const names = bill.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['fastify', 'ssh2', '@nestjs/core']));
    expect(names).not.toContain('vitest');
  });
});
