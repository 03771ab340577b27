import { existsSync, readFileSync } from 'node:fs';

/** Counts of a Vitest JSON report; a suite that could not even load counts as one failure. */
export function summarize(report) {
  const result = { passed: 0, failed: 0, skipped: [], failures: [] };
  for (const suite of report.testResults) {
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      result.failed += 1;
      result.failures.push(`${suite.name}: ${suite.message}`);
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') result.passed += 1;
      else if (test.status === 'failed') {
        result.failed += 1;
        result.failures.push(`${suite.name}: ${test.fullName}`);
      } else result.skipped.push(`${suite.name}: ${test.fullName}`);
    }
  }
  return result;
}

/** Reads the report; without one (the runner itself died) that is a failure. */
export function readVitestReport(file) {
  if (!existsSync(file))
    return { passed: 0, failed: 1, skipped: [], failures: ['the test runner wrote no report'] };
  return summarize(JSON.parse(readFileSync(file, 'utf8')));
}
