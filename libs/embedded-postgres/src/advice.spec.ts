import { describe, expect, it } from 'vitest';
import { adviceFor } from './advice.js';

describe('advice after a failure', () => {
  it.each([
    [
      'FATAL:  could not write lock file "postmaster.pid": No space left on device',
      /disk is full.*AIOPS_DATA_DIR/,
    ],
    ["EROFS: read-only file system, mkdir '/data'", /read-only.*writable/],
    [
      'postgres: error while loading shared libraries: libxml2.so.2: cannot open shared object file',
      /library is missing \(libxml2\.so\.2\)/,
    ],
    ["/lib/libc.so.6: version `GLIBC_2.34' not found (required by postgres)", /C library is too old/],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', /port was taken/],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', /too little memory/],
    [
      'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use',
      /earlier PostgreSQL still use/,
    ],
    ['FATAL:  database files are incompatible with server', /another version.*pg_dump/],
    ['FATAL:  data directory "/data" has wrong ownership', /belongs to another user/],
    ["EACCES: permission denied, mkdir '/data'", /belongs to another user/],
    ['PANIC:  could not locate a valid checkpoint record at 0/0', /damaged.*backup/],
  ])('knows %j', (said, advice) => {
    expect(adviceFor(said)).toMatch(advice);
  });

  it('names the way out when it knows nothing', () => {
    expect(adviceFor('the flux capacitor is dry')).toContain('DATABASE_URL');
  });
});
