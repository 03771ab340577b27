import { existsSync, readFileSync } from 'node:fs';

/** Counts of a Vitest JSON report; a suite that could not even load counts as one failure. */
export function summarize(report) {
  const result = { passed: 0, failed: 0, skipped: [], failures: [], files: [] };
  for (const suite of report.testResults) {
    result.files.push(suite.name);
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      result.failed += 1;
      result.failures.push(`${suite.name}: ${suite.message}`);
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') result.passed += 1;
      else if (test.status === 'failed') {
        result.failed += 1;
        result.failures.push(`${suite.name}: ${test.fullName}`);
      } else result.skipped.push({ file: suite.name, name: test.fullName });
    }
  }
  return result;
}

/**
 * What a run of Vitest came to, by its report and its exit code. An exit code other than 0 is a failure even when every
 * test passed: something threw outside of any test, or the runner died.
 */
export function readOutcome(suite, file, code) {
  const result = existsSync(file)
    ? summarize(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: [], failures: [], files: [] };
  if (code !== 0 && result.failed === 0) {
    result.failed = 1;
    result.failures.push(`${suite}: the test runner ended with ${code}, see above`);
  }
  return result;
}
