const LEVELS = ['info', 'low', 'moderate', 'high', 'critical'];

/** Advisories in a report of `npm audit --json` (version 2), each once. */
export function advisoriesOf(report) {
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities ?? {}))
    for (const cause of via)
      if (typeof cause === 'object')
        found.set(cause.url, {
          id: cause.url.split('/').at(-1),
          title: cause.title,
          severity: cause.severity,
          package: cause.name,
        });
  return [...found.values()];
}

/**
 * What stops a release: advisories of at least the policy's level without an exception that is still good.
 * @param exceptions by advisory, such as GHSA-…: `{ why, until }`, `until` the last day it is good, as YYYY-MM-DD
 * @param today YYYY-MM-DD
 */
export function vulnerabilityProblems(advisories, { level, exceptions }, today) {
  const problems = [];
  for (const { id, title, severity, package: name } of advisories) {
    if (LEVELS.indexOf(severity) < LEVELS.indexOf(level)) continue;
    const exception = exceptions[id];
    if (exception === undefined) problems.push(`${name}: ${title} (${severity}, ${id})`);
    else if (exception.until < today)
      problems.push(`${name}: the exception for ${id} ended on ${exception.until}`);
  }
  const known = new Set(advisories.map(({ id }) => id));
  for (const id of Object.keys(exceptions))
    if (!known.has(id)) problems.push(`The exception for ${id} is not needed any more`);
  return problems;
}
