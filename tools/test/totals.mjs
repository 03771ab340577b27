/**
 * Tests that may be skipped even where nothing else may: they need what cannot be had from the package sources of
 * a plain Debian. Matched against the full name of the test.
 */
const allowedSkips = [/\bpwsh\b/i];

const mayBeSkipped = (name) => allowedSkips.some((allowed) => allowed.test(name));

/**
 * Adds everything up.
 * @param checks `{ name, ok }` of what counts as one test each: format, lint, types …
 * @param outcomes results of the test runs, see `readOutcome`.
 * @param forgotten files of tests that were never run; each one is a failure.
 * @param strict whether a skipped test that should have run is a failure.
 */
export function addUp({ checks, outcomes, forgotten, strict }) {
  const sum = (pick) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const skips = outcomes.flatMap((outcome) => outcome.skipped);
  const unexpected = strict ? skips.filter((test) => !mayBeSkipped(test.name)) : [];
  const failures = [
    ...checks.filter((check) => !check.ok).map((check) => check.name),
    ...outcomes.flatMap((outcome) => outcome.failures),
    ...forgotten.map((file) => `${file}: never run`),
    ...unexpected.map((test) => `${test.file}: ${test.name}: skipped, and nothing may be skipped here`),
  ];
  const failedChecks = checks.filter((check) => !check.ok).length;
  return {
    passed: checks.length - failedChecks + sum((outcome) => outcome.passed),
    failed: failedChecks + sum((outcome) => outcome.failed) + forgotten.length + unexpected.length,
    skipped: skips.length - unexpected.length,
    failures,
    skips: skips.filter((test) => !unexpected.includes(test)),
  };
}

/** The last line of `npm test`. */
export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Exit code: also a failure when nothing ran at all. */
export const verdict = ({ passed, failed }) => (failed === 0 && passed > 0 ? 0 : 1);
