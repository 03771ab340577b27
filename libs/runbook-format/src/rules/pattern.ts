import { RE2JS } from 're2js';

/** Patterns come from users and meet hostile text: RE2 matches in linear time, so no pattern can hang the process. */
const LONGEST_PATTERN = 1_000;

/** Why the pattern cannot be used, or null. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > LONGEST_PATTERN) return `a pattern has at most ${LONGEST_PATTERN} characters`;
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `not a valid regular expression (RE2 syntax, so no look-around or back-references): ${reason}`;
  }
}

/** True when the pattern matches the value from its first character to its last. */
export function matchesWhole(pattern: string, value: string): boolean {
  return RE2JS.compile(pattern).matcher(value).matches();
}

/** True when the pattern matches anywhere in the text. */
export function matchesAnywhere(pattern: string, text: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}
