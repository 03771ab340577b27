/**
 * Tests that may be skipped even where nothing else may: they need what cannot be had from the package sources of
 * a plain Debian. Matched against the full name of the test.
 */
const allowedSkips = [/\bpwsh\b/i];

/** Skipped tests that should have run. */
export const unexpectedSkips = (skipped) =>
  skipped.filter((name) => !allowedSkips.some((allowed) => allowed.test(name)));

/** The last line of `npm test`. */
export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Exit code: also a failure when nothing ran at all. */
export const verdict = ({ passed, failed }, unexpected) =>
  failed === 0 && passed > 0 && unexpected.length === 0 ? 0 : 1;
