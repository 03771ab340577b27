const OTHER = 'set DATABASE_URL to another PostgreSQL (15 or newer)';

/** What PostgreSQL, the loader or the system say, and what helps. The first that fits counts. */
const known: [RegExp, string][] = [
  [
    /no space left on device|ENOSPC|disk quota exceeded|EDQUOT/i,
    `The disk is full: free some space, point AIOPS_DATA_DIR at another disk, or ${OTHER}.`,
  ],
  [
    /read-only file system|EROFS/i,
    `The folder is read-only: point AIOPS_DATA_DIR at a writable one, or ${OTHER}.`,
  ],
  [
    /error while loading shared libraries: (\S+):|library not loaded: (\S+)/i,
    `A system library is missing ($1): install the package that brings it, or ${OTHER}.`,
  ],
  [
    /version .?GLIBC(XX)?_[\d.]+.? not found/i,
    `This system's C library is too old for the embedded PostgreSQL: ${OTHER}.`,
  ],
  [
    /address already in use|could not bind/i,
    `Its port was taken by another program in the meantime: start again, or ${OTHER}.`,
  ],
  [
    /could not map anonymous shared memory|could not create shared memory|cannot allocate memory|out of memory|ENOMEM/i,
    `There is too little memory: it needs about 150 MB. Free some, or ${OTHER}.`,
  ],
  [
    /pre-existing shared memory block|lock file "postmaster\.pid" already exists/i,
    `Processes of an earlier PostgreSQL still use this folder: end them, then start again.`,
  ],
  [
    /database files are incompatible with server|was initialized by PostgreSQL version|not compatible with this version/i,
    `The data was written by another version of PostgreSQL: move it over with pg_dump, or point AIOPS_DATA_DIR at an empty folder.`,
  ],
  [
    /has wrong ownership|permission denied|operation not permitted|EACCES|EPERM/i,
    `The folder or the program belongs to another user: give it to the one who starts the engine, point AIOPS_DATA_DIR elsewhere, or ${OTHER}.`,
  ],
  [
    /could not locate a valid checkpoint record|invalid checkpoint record|invalid page in block/i,
    `The data is damaged: put back a backup, or move the folder away to begin anew.`,
  ],
];

/** What to do about a failure, told by what was said when it happened (a log, a message). */
export function adviceFor(said: string): string {
  for (const [pattern, advice] of known) {
    const match = pattern.exec(said);
    if (match !== null) return advice.replace('$1', match[1] ?? match[2] ?? '');
  }
  return `If it does not explain itself, ${OTHER}.`;
}
