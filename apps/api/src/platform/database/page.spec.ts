import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FailedOperationDto, PageDto, Problem } from '@aiops/contracts';
import { newId } from '../clock.js';
import { FailedOperationEntity } from '../failed-operation/failed-operation.entity.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { DatabaseSession } from './database-session.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

type List = PageDto<FailedOperationDto> & Problem;
const list = (query: string) => engine.api<List>('GET', `/failed-operations?${query}`);
const manager = () => engine.app.get(DatabaseSession).manager;
const base = Date.parse('2026-01-01T00:00:00.000Z');

/** Rows in the order of `at`; several share one time, so that only the id tells them apart. */
async function add(count: number, at: (index: number) => number): Promise<void> {
  const rows = Array.from({ length: count }, (_unused, index) => ({
    id: newId(),
    operation: `op-${String(index).padStart(3, '0')}`,
    payload: {},
    error: 'e',
    attempts: 1,
    status: 'failed' as const,
    failedAt: new Date(base + at(index)),
    handledBy: null,
    handledAt: null,
  }));
  await manager().insert(FailedOperationEntity, rows);
}

beforeEach(async () => {
  await manager().clear(FailedOperationEntity);
});

async function walk(
  query: string,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { body: List } = await list(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.body.data.map((row) => row.id));
    cursor = page.body.pagination.next_cursor;
    expect(page.body.pagination.has_more).toBe(cursor !== null);
    await between();
  }
  return seen;
}

describe('lists', () => {
  it('come in pages by number', async () => {
    await add(25, (index) => index * 1000);
    const first = (await list('page=1&page_size=10&fields=operation')).body;
    expect(first.data.map((row) => row.operation)[0]).toBe('op-024');
    expect(first.pagination).toMatchObject({ total: 25, has_more: true });
    const last = (await list('page=3&page_size=10')).body;
    expect(last.data).toHaveLength(5);
    expect(last.pagination).toEqual({
      total: 25,
      total_is_estimate: false,
      next_cursor: null,
      has_more: false,
    });
    expect((await list('page=4&page_size=10')).body.data).toEqual([]);
    expect((await list('')).body.data).toHaveLength(20);
  });

  it('come by cursor, each row once, when many rows share one time', async () => {
    await add(23, (index) => Math.floor(index / 8) * 1000);
    for (const sort of ['failed_at', '-failed_at', 'operation', '-operation']) {
      const seen = await walk(`limit=5&sort=${sort}`);
      expect(seen).toHaveLength(23);
      expect(new Set(seen).size).toBe(23);
    }
  });

  it('neither repeat nor miss a row by cursor while rows arrive', async () => {
    await add(30, (index) => index * 1000);
    const before = new Set((await list('limit=200')).body.data.map((row) => row.id));
    let minute = 0;
    const seen = await walk('limit=7&sort=-failed_at', async () => {
      minute += 60_000;
      await add(3, (index) => minute + index * 1000);
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.has(id))).toHaveLength(30);
  });

  it('end exactly at the last row', async () => {
    await add(10, (index) => index);
    const page = (await list('limit=10')).body;
    expect(page.pagination).toEqual({
      total: 10,
      total_is_estimate: false,
      next_cursor: null,
      has_more: false,
    });
  });

  it('are filtered, and count what the filter leaves', async () => {
    await add(12, (index) => index);
    const page = (await list('operation=op-003')).body;
    expect(page.data.map((row) => row.operation)).toEqual(['op-003']);
    expect(page.pagination.total).toBe(1);
  });

  it('refuse unknown sorts, fields, filters, sizes and cursors of another sort', async () => {
    await add(3, (index) => index);
    const cursor = (await list('limit=1&sort=operation')).body.pagination.next_cursor;
    for (const query of [
      'sort=payload',
      'sort=constructor',
      'fields=nothing',
      'wrong=1',
      'limit=201',
      'page=0',
      'page_size=0',
      'limit=x',
      `cursor=${cursor}&sort=-failed_at`,
    ]) {
      const answer = await list(query);
      expect([query, answer.status]).toEqual([query, 400]);
      expect(answer.body.errors?.length).toBeGreaterThan(0);
    }
  });

  it('refuse any made-up cursor instead of failing on it', async () => {
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
    const forged = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('base64url')),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc
        .record({ sort: fc.constant('-failed_at'), value: fc.anything(), id: fc.anything() })
        .map((cursor) => encode({ ...cursor, value: String(cursor.value) })),
      fc
        .record({ sort: fc.constant('-failed_at'), value: fc.constant("2026-01-01'; DROP"), id: fc.uuid() })
        .map(encode),
    );
    await fc.assert(
      fc.asyncProperty(
        forged.filter((text) => text !== ''),
        async (cursor) => {
          expect((await list(`cursor=${cursor}`)).status).toBe(400);
        },
      ),
      { numRuns: 60 },
    );
  });
});
