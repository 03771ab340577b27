import { chownSync, existsSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closedFolder, type Place } from './place.js';
import { programFailed, startProgram } from './program.js';

/**
 * Makes the cluster unless it is there. It counts only when it is complete, so that a kill in between leaves nothing
 * that looks like one. Sorting and letters are the same on every platform: PostgreSQL's built-in C.UTF-8.
 */
export async function initialise(place: Place, durable: boolean): Promise<void> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return;
  rmSync(place.draft, { recursive: true, force: true });
  closedFolder(place.draft, place.user);
  const passwordFile = `${place.draft}.password`;
  writeFileSync(passwordFile, place.password, { mode: 0o600 });
  if (place.user !== null) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    const initdb = startProgram(place, 'initdb', [
      ...[
        '-D',
        place.draft,
        '-U',
        'aiops',
        '--pwfile',
        passwordFile,
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C',
      ],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ]);
    if ((await initdb.ended) !== 0)
      throw programFailed(place, 'PostgreSQL could not set up its data', initdb.logOffset);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // An empty folder may be in the way; one with anything in it makes this fail, as it should.
  if (existsSync(place.cluster)) rmdirSync(place.cluster);
  renameSync(place.draft, place.cluster);
}
