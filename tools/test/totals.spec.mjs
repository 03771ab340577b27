import { describe, expect, it } from 'vitest';
import { fingerprint, isStale } from '../setup/dependencies.mjs';
import { isDebianLike } from '../setup/system-packages.mjs';
import { lastLine, unexpectedSkips, verdict } from './totals.mjs';
import { summarize } from './vitest-report.mjs';

describe('the totals of npm test', () => {
  it('count passed, failed and skipped tests, and a suite that could not load as a failure', () => {
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
    expect(summarize(report)).toEqual({
      passed: 1,
      failed: 2,
      skipped: ['a.spec.ts: three'],
      failures: ['a.spec.ts: two', 'b.spec.ts: no such module'],
    });
  });

  it('end in one line', () => {
    expect(lastLine({ passed: 3, failed: 0, skipped: 1 })).toBe('3 passed, 0 failed, 1 skipped');
  });

  it('fail on a failed test, on a skipped one that should have run, and when nothing ran', () => {
    expect(verdict({ passed: 1, failed: 0 }, [])).toBe(0);
    expect(verdict({ passed: 1, failed: 1 }, [])).toBe(1);
    expect(verdict({ passed: 1, failed: 0 }, ['x'])).toBe(1);
    expect(verdict({ passed: 0, failed: 0 }, [])).toBe(1);
  });

  it('let only tests for PowerShell be skipped where nothing may be', () => {
    expect(unexpectedSkips(['quoting > through a real pwsh', 'real sshd > logs in'])).toEqual([
      'real sshd > logs in',
    ]);
  });
});

describe('the set-up', () => {
  it('installs again when the lock file or the platform changed', () => {
    const before = fingerprint('lock 1', 'linux-x64');
    expect(isStale(null, before)).toBe(true);
    expect(isStale(before, before)).toBe(false);
    expect(isStale(before, fingerprint('lock 2', 'linux-x64'))).toBe(true);
    expect(isStale(before, fingerprint('lock 1', 'darwin-arm64'))).toBe(true);
  });

  it('knows Debian and its children', () => {
    expect(isDebianLike('ID=debian\n')).toBe(true);
    expect(isDebianLike('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true);
    expect(isDebianLike('ID=fedora\n')).toBe(false);
  });
});
