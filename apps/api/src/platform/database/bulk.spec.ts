import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../clock.js';
import { OperationalError, UserError } from '../errors/errors.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { type BulkOutcome, type BulkWork, inBulk, oneByOne } from './bulk.js';
import { DatabaseSession } from './database-session.js';

let engine: TestEngine;
let session: DatabaseSession;
beforeAll(async () => {
  engine = await startTestEngine();
  session = engine.app.get(DatabaseSession);
  await session.manager.query('CREATE TABLE marks (id uuid PRIMARY KEY)');
});
afterAll(() => engine.stop());
beforeEach(() => session.manager.query('TRUNCATE marks'));

const newIds = (count: number): string[] => Array.from({ length: count }, () => newId());
const mark = async (id: string): Promise<void> => {
  await session.manager.query('INSERT INTO marks VALUES ($1)', [id]);
};
const markAll: BulkWork = async (ids) => {
  for (const id of ids) await mark(id);
  return [];
};
const marked = async (): Promise<string[]> => {
  const rows = await session.manager.query<{ id: string }[]>('SELECT id FROM marks ORDER BY id');
  return rows.map((row) => row.id);
};
const run = (ids: string[], work: BulkWork): Promise<BulkOutcome> =>
  inBulk(session, ids, { what: 'mark', chunkSize: 10 }, work);

describe('a bulk action (R2.6)', () => {
  it('is done in chunks of one transaction each', async () => {
    const ids = newIds(25);
    const transactions: string[] = [];
    const result = await run(ids, async (chunk) => {
      const [row] = await session.manager.query<{ x: string }[]>('SELECT pg_current_xact_id()::text AS x');
      transactions.push(`${row?.x}: ${chunk.length}`);
      return markAll(chunk);
    });
    expect(result).toEqual({ success: ids, failed: [] });
    expect(await marked()).toEqual([...ids].sort());
    expect(transactions.map((text) => text.split(': ')[1])).toEqual(['10', '10', '5']);
    expect(new Set(transactions).size).toBe(3);
  });

  it('answers for each id once, in the order of asking, whatever was asked', async () => {
    const [first = '', second = ''] = newIds(2);
    const result = await run([second, 'odd', first, second, second.toUpperCase()], (ids) =>
      Promise.resolve(ids.filter((id) => id === first).map((id) => ({ id, error: 'not this one' }))),
    );
    expect(result.success.map((id) => id.toLowerCase())).toEqual([second]);
    expect(result.failed).toEqual([
      { id: 'odd', error: 'There is no such mark.' },
      { id: first, error: 'not this one' },
    ]);
  });

  it('does the neighbours of an id that fails, and leaves nothing of the one that failed', async () => {
    const ids = newIds(25);
    const bad = ids[13] ?? '';
    const result = await run(ids, async (chunk) => {
      await markAll(chunk);
      if (chunk.includes(bad)) throw new Error('secret detail of a broken row');
      return [];
    });
    expect(result.success).toHaveLength(24);
    expect(result.failed).toEqual([{ id: bad, error: expect.not.stringContaining('secret') as string }]);
    expect(await marked()).not.toContain(bad);
    expect(await marked()).toHaveLength(24);
  });

  it('says what is done and what is not when the database goes away in between', async () => {
    const ids = newIds(25);
    let tried = 0;
    const result = await run(ids, (chunk) => {
      tried += 1;
      if (chunk.some((id) => ids.indexOf(id) >= 10)) throw new OperationalError('The database is away.');
      return markAll(chunk);
    });
    expect(result.success).toEqual(ids.slice(0, 10));
    expect(result.failed.map(({ id }) => id)).toEqual(ids.slice(10));
    expect(new Set(result.failed.map(({ error }) => error))).toEqual(new Set(['The database is away.']));
    expect(tried).toBe(3);
    expect(await marked()).toEqual([...ids.slice(0, 10)].sort());
  });

  it('fails as a whole when nothing could be done at all', async () => {
    const away = run(newIds(3), () => Promise.reject(new OperationalError('away', { retryAfterSeconds: 7 })));
    await expect(away).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it('one by one keeps what others did when one is refused after it wrote', async () => {
    const ids = newIds(5);
    const refused = ids[2] ?? '';
    const result = await run(
      ids,
      oneByOne(session, async (id) => {
        await mark(id);
        if (id === refused) throw new UserError('conflict', 'Too late.');
      }),
    );
    expect(result.failed).toEqual([{ id: refused, error: 'Too late.' }]);
    expect(await marked()).toEqual(ids.filter((id) => id !== refused).sort());
  });

  it('never runs inside a transaction of somebody else', async () => {
    await expect(session.transaction(() => run(newIds(1), markAll))).rejects.toThrow('its own transactions');
  });
});
