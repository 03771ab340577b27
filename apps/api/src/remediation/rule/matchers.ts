import type { Matcher } from '@aiops/contracts';
import { RE2JS } from 're2js';

/** What matchers look at: the alert's labels; `alertname`, `severity` and `source` are there by their names too. */
export type MatchSubject = Readonly<Record<string, string>>;

/** The compiled pattern of a matcher that does not come from here is refused before it is stored. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const CACHE_LIMIT = 1_000;
const compiled = new Map<string, RE2JS>();

/**
 * Compiles a pattern on the linear-time engine, anchored at both ends as in Alertmanager.
 * @throws PatternError that says what is wrong with it.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const regex = RE2JS.compile(`^(?:${pattern})$`, RE2JS.DOTALL);
    if (compiled.size >= CACHE_LIMIT) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  } catch (cause) {
    throw new PatternError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether one matcher holds. A label that is absent counts as empty, as in Alertmanager. */
export function matcherHolds(matcher: Matcher, subject: MatchSubject): boolean {
  const value = Object.hasOwn(subject, matcher.name) ? (subject[matcher.name] ?? '') : '';
  switch (matcher.op) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    case '=~':
      return compilePattern(matcher.value).matches(value);
    case '!~':
      return !compilePattern(matcher.value).matches(value);
  }
}

/** Whether all hold. */
export function matchersHold(matchers: readonly Matcher[], subject: MatchSubject): boolean {
  return matchers.every((matcher) => matcherHolds(matcher, subject));
}

/** The subject of an alert. */
export function matchSubject(alert: {
  alertName: string;
  severity: string;
  source: string;
  labels: Record<string, string>;
}): MatchSubject {
  return { source: alert.source, severity: alert.severity, ...alert.labels, alertname: alert.alertName };
}

/** One matcher as a person writes it: `service=~"web.*"`. */
export const showMatcher = (matcher: Matcher): string => `${matcher.name}${matcher.op}"${matcher.value}"`;
