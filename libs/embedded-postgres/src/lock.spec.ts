import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.js';
import { identityOf } from './process-identity.js';
import { bystander, Workbench } from './testing/workbench.js';

let bench: Workbench;
beforeEach(() => void (bench = new Workbench()));
afterEach(() => bench.clear());

describe('the lock of a data directory', () => {
  it('lets one in at a time and everybody in turn', async () => {
    const folder = bench.folder();
    let inside = 0;
    let most = 0;
    const visits = Array.from({ length: 12 }, () =>
      withLock(folder, async () => {
        most = Math.max(most, (inside += 1));
        await new Promise((next) => setImmediate(next));
        inside -= 1;
      }),
    );
    await Promise.all(visits);
    expect(most).toBe(1);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is free again after work that failed, and passes the failure on', async () => {
    const folder = bench.folder();
    await expect(withLock(folder, () => Promise.reject(new Error('disk on fire')))).rejects.toThrow(
      'disk on fire',
    );
    expect(await withLock(folder, () => Promise.resolve('in'))).toBe('in');
  });

  it('is free when its holder is gone or its number belongs to a later process, and held while the holder lives', async () => {
    const other = bystander();
    const identity = identityOf(other.pid ?? 0) ?? '';
    try {
      const recycled = bench.folder();
      writeFileSync(join(recycled, '7'), `${other.pid} 12345 some-id`);
      expect(await withLock(recycled, () => Promise.resolve('in'))).toBe('in');

      const held = bench.folder();
      writeFileSync(join(held, '7'), `${identity} some-id`);
      let entered = false;
      const waiting = withLock(held, async () => void (entered = true));
      // Somebody else's turn elsewhere takes several rounds of polling; ours must still be waiting then.
      for (let round = 0; round < 20; round += 1)
        await withLock(recycled, () => new Promise((next) => setTimeout(next, 5)));
      expect(entered).toBe(false);
      other.kill('SIGKILL');
      await waiting;
      expect(entered).toBe(true);
    } finally {
      other.kill('SIGKILL');
    }
  });
});
