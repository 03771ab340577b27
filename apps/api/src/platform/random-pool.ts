import { randomFillSync } from 'node:crypto';

// One call to the system's generator for many ids: each call costs as much as the rest of an id together.
const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

/** `count` cryptographically random bytes, each given out once; they stay valid until the next call. */
export function randomBytesFromPool(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
