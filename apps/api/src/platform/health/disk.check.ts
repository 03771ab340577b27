import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from './health-checks.js';

const GIB = 1024 ** 3;
/** Below these PostgreSQL soon stops: first it is time to act, then it is late. */
const LOW = { bytes: GIB, share: 0.1 };
const FULL = { bytes: GIB / 10, share: 0.01 };

interface Space {
  freeBytes: number;
  totalBytes: number;
}

/** Little space is what is little both in bytes and as a share: a small disk may be well, and so may a huge one. */
export function judgeSpace({ freeBytes, totalBytes }: Space): Finding {
  const share = totalBytes === 0 ? 0 : freeBytes / totalBytes;
  const below = (limit: typeof LOW) => freeBytes < limit.bytes && share < limit.share;
  const detail = `${Math.round(share * 100)} % free (${(freeBytes / GIB).toFixed(1)} GiB)`;
  if (below(FULL)) return { condition: 'down', detail };
  return { condition: below(LOW) ? 'degraded' : 'up', detail };
}

/** Space on the disk of a folder, or of the folder that it would be made in. */
export async function spaceAt(folder: string): Promise<Space> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    const parent = dirname(resolve(folder));
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || parent === resolve(folder)) throw error;
    return spaceAt(parent);
  }
}
