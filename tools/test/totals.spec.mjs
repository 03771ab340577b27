import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neverRun, testFiles } from './test-files.mjs';
import { addUp, lastLine, verdict } from './totals.mjs';
import { readOutcome, summarize } from './vitest-report.mjs';

const outcome = (parts) => ({ passed: 0, failed: 0, skipped: [], failures: [], files: [], ...parts });
const total = (parts) => addUp({ checks: [], outcomes: [], forgotten: [], strict: false, ...parts });
const report = {
  testResults: [
    {
      name: 'a.spec.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'one' },
        { status: 'failed', fullName: 'two' },
        { status: 'pending', fullName: 'three' },
      ],
    },
    { name: 'b.spec.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ],
};

describe('a report of the test runner', () => {
  it('counts passed, failed and skipped tests, and a suite that could not load as a failure', () => {
    expect(summarize(report)).toEqual({
      passed: 1,
      failed: 2,
      skipped: [{ file: 'a.spec.ts', name: 'three' }],
      failures: ['a.spec.ts: two', 'b.spec.ts: no such module'],
      files: ['a.spec.ts', 'b.spec.ts'],
    });
  });

  describe('in a file', () => {
    let folder = '';
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'aiops-report-'))));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('is a failure when it is missing', () => {
      expect(readOutcome('browser', join(folder, 'none.json'), 139)).toMatchObject({ passed: 0, failed: 1 });
    });

    it('is a failure when every test passed and the runner did not', () => {
      const file = join(folder, 'good.json');
      const assertionResults = [{ status: 'passed', fullName: 'one' }];
      const passed = { testResults: [{ name: 'a', status: 'passed', message: '', assertionResults }] };
      writeFileSync(file, JSON.stringify(passed));
      expect(readOutcome('browser', file, 0)).toMatchObject({ passed: 1, failed: 0 });
      expect(readOutcome('browser', file, 1)).toMatchObject({ passed: 1, failed: 1 });
    });
  });
});

describe('the totals of npm test', () => {
  it('count every check as a test and add up all runs', () => {
    const totals = total({
      checks: [
        { name: 'format', ok: true },
        { name: 'lint', ok: false },
      ],
      outcomes: [outcome({ passed: 3 }), outcome({ passed: 2, failed: 1, failures: ['x'] })],
    });
    expect(totals).toMatchObject({ passed: 6, failed: 2, skipped: 0, failures: ['lint', 'x'] });
  });

  it('end in one line', () => {
    expect(lastLine({ passed: 3, failed: 0, skipped: 1 })).toBe('3 passed, 0 failed, 1 skipped');
  });

  it('fail on a failed test and when nothing ran', () => {
    expect(verdict({ passed: 1, failed: 0 })).toBe(0);
    expect(verdict({ passed: 1, failed: 1 })).toBe(1);
    expect(verdict({ passed: 0, failed: 0 })).toBe(1);
  });

  it('take a skipped test for a failure where nothing may be skipped, except those for PowerShell', () => {
    const skipped = [
      { file: '/home/pwsh/ssh.spec.ts', name: 'real sshd > logs in' },
      { file: 'shell.spec.ts', name: 'quoting > through a real pwsh' },
    ];
    const outcomes = [outcome({ passed: 1, skipped })];
    expect(total({ outcomes })).toMatchObject({ failed: 0, skipped: 2 });
    expect(total({ outcomes, strict: true })).toMatchObject({
      failed: 1,
      skipped: 1,
      skips: [skipped[1]],
      failures: [expect.stringContaining('real sshd > logs in')],
    });
  });

  it('take a file of tests that nothing ran for a failure', () => {
    const forgotten = neverRun(['a.spec.ts', 'b.e2e.ts'], ['a.spec.ts']);
    expect(total({ outcomes: [outcome({ passed: 1 })], forgotten })).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['b.e2e.ts: never run'],
    });
  });
});

describe('the files of tests', () => {
  it('are all of them, wherever they are, but not those of others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aiops-files-'));
    try {
      for (const [inside, name] of [
        ['a/src', 'one.spec.ts'],
        ['a/src', 'one.ts'],
        ['a/e2e', 'two.e2e.ts'],
        ['a/dist', 'one.spec.ts'],
        ['node_modules/b', 'three.spec.ts'],
      ]) {
        mkdirSync(join(folder, inside), { recursive: true });
        writeFileSync(join(folder, inside, name), '');
      }
      expect(testFiles(folder).sort()).toEqual([
        join(folder, 'a/e2e/two.e2e.ts'),
        join(folder, 'a/src/one.spec.ts'),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
