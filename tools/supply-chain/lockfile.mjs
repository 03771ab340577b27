import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages that a lock file (version 3) installs from outside, without the workspace's own.
 * @returns {{ path, name, version, licence, isDev, hasInstallScript, integrity, resolved }[]}
 */
export function packagesOf(lock) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .map(([path, entry]) => ({
      path,
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      licence: entry.license ?? null,
      isDev: entry.dev === true,
      hasInstallScript: entry.hasInstallScript === true,
      integrity: entry.integrity ?? null,
      resolved: entry.resolved ?? null,
    }));
}

export const readLock = (root = process.cwd()) =>
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** What could be something else tomorrow than it is today: no checksum, or not from a registry. */
export function sourceProblems(packages) {
  return packages.flatMap(({ name, version, integrity, resolved }) => {
    if (integrity === null) return [`${name}@${version} has no checksum in the lock file`];
    const isElsewhere = resolved !== null && !/^https:\/\/[^/]+\/.*\.tgz$/.test(resolved);
    return isElsewhere ? [`${name}@${version} does not come from a package registry: ${resolved}`] : [];
  });
}

/**
 * Whoever writes an install script runs code on every machine that installs: none is run (`ignore-scripts`), and each
 * package that has one is named in package.json's `allowScripts`, so that a new one is noticed.
 */
export function scriptProblems(packages, { allowScripts, npmrc }) {
  const unnamed = packages
    .filter(({ name, hasInstallScript }) => hasInstallScript && !Object.hasOwn(allowScripts, name))
    .map(
      ({ name }) => `${name} has an install script: look at it, then name it in allowScripts of package.json`,
    );
  const gone = Object.keys(allowScripts)
    .filter((name) => !packages.some((found) => found.name === name && found.hasInstallScript))
    .map((name) => `${name} is named in allowScripts of package.json and has no install script`);
  const isOff = /^ignore-scripts=true$/m.test(npmrc);
  return [...unnamed, ...gone, ...(isOff ? [] : ['.npmrc does not say ignore-scripts=true'])];
}
