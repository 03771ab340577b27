/** The licences that a simple SPDX expression leaves to choose from, each as those that bind together; null when it is not simple. */
function choices(expression) {
  const text = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(text)) return null;
  return text.split(' OR ').map((one) => one.split(' AND ').map((name) => name.trim()));
}

const exceptionFor = (name, exceptions) =>
  Object.entries(exceptions).find(([pattern]) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )?.[1];

/**
 * Packages whose licence nobody agreed to.
 * @param packages as `packagesOf` gives them
 * @param policy `allowed` SPDX names, `exceptions` by package, and what packages `said` that name none in their metadata
 */
export function licenceProblems(packages, { allowed, exceptions, said }) {
  const isAllowed = (name) => allowed.includes(name);
  return packages.flatMap(({ name, version, licence }) => {
    const stated = licence ?? said[name]?.licence ?? null;
    if (stated === null)
      return [`${name}@${version} states no licence: look it up, then note it under "said"`];
    if (exceptionFor(name, exceptions)?.licence === stated) return [];
    if (choices(stated)?.some((together) => together.every(isAllowed))) return [];
    return [`${name}@${version} is under ${stated}, which is not agreed to`];
  });
}

/** Entries of the policy that apply to nothing any more. */
export function staleLicenceEntries(packages, { exceptions, said }) {
  const names = packages.map(({ name }) => name);
  return [...Object.keys(exceptions), ...Object.keys(said)].filter(
    (pattern) => !names.some((name) => exceptionFor(name, { [pattern]: true })),
  );
}
