import { until } from '@aiops/testing';
import { Injectable, Module } from '@nestjs/common';
import type { BulkResult, FailedOperationDto, PageDto } from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { newId } from '../clock.js';
import { HandlesJob } from '../jobs/job.decorators.js';
import { defineJob } from '../jobs/job.definition.js';
import { FailedOperationRepository, type FailedOperation } from './failed-operation.repository.js';

const mend = defineJob('test.mend', z.object({ number: z.number(), api_key: z.string().optional() }));
const done: z.infer<(typeof mend)['schema']>[] = [];

@Injectable()
class Mender {
  @HandlesJob(mend)
  async mend(payload: z.infer<(typeof mend)['schema']>): Promise<void> {
    await Promise.resolve(done.push(payload));
  }
}
@Module({ providers: [Mender] })
class MenderModule {}

const NOWHERE = '01920000-0000-7000-8000-000000000000';

describe('failed operations (R4.5)', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ LOG_LEVEL: 'silent' }, [MenderModule]);
  });
  afterAll(() => engine.stop());

  const keep = async (over: Partial<FailedOperation> = {}): Promise<string> => {
    const id = newId();
    await engine.app.get(FailedOperationRepository).add({
      ...{ id, operation: 'test.mend', payload: { number: 0 }, error: 'it is broken', attempts: 3 },
      ...{ status: 'failed', failedAt: new Date(), handledBy: null, handledAt: null },
      ...over,
    });
    return id;
  };
  const list = async (query: string) => {
    const { body, status } = await engine.api<PageDto<FailedOperationDto>>(
      'GET',
      `/failed-operations${query}`,
    );
    expect(status, JSON.stringify(body)).toBe(200);
    return body.data.map(({ id }) => id);
  };
  const bulk = (action: 'retry' | 'discard', ids: string[]) =>
    engine.api<BulkResult>('POST', `/failed-operations/bulk/${action}`, { body: { ids } });
  const get = async (id: string) =>
    (await engine.api<FailedOperationDto>('GET', `/failed-operations/${id}`)).body;

  it('are found by operation, status, time and text, the newest first', async () => {
    const at = (hour: number) => new Date(Date.UTC(2020, 0, 1, hour));
    const [early, late, gone] = [
      await keep({ operation: 'found.early', failedAt: at(1), error: '50% of it is away' }),
      await keep({ operation: 'found.late', failedAt: at(2), error: '500 of it are away' }),
      await keep({ operation: 'found.late', failedAt: at(3), status: 'discarded' }),
    ];
    expect(await list('?q=found.')).toEqual([gone, late, early]);
    expect(await list('?q=found.&sort=failed_at')).toEqual([early, late, gone]);
    expect(await list('?operation=found.late')).toEqual([gone, late]);
    expect(await list('?operation=found.late&status=failed')).toEqual([late]);
    const between = `from=${at(2).toISOString()}&to=${at(3).toISOString()}`;
    expect(await list(`?${between}`)).toEqual([late]);
    expect(await list(`?q=${encodeURIComponent('50%')}`)).toEqual([early]);
    expect((await engine.api('GET', '/failed-operations?from=yesterday')).status).toBe(400);
    expect((await engine.api('GET', '/failed-operations?status=lost')).status).toBe(400);
  });

  it('show no secret of payload or error, and have it still when they are tried again', async () => {
    const secret = 'correct-horse-battery-staple';
    const id = await keep({
      payload: { number: 7, api_key: secret, nested: { headers: [{ authorization: secret }] } },
      error: `refused: Bearer ${secret}`,
    });
    const { body } = await engine.api<PageDto<FailedOperationDto>>('GET', '/failed-operations?limit=200');
    expect(body.data.find((operation) => operation.id === id)?.payload).toMatchObject({
      number: 7,
      api_key: '***',
    });
    const answers = [body, await get(id), (await engine.api('POST', `/failed-operations/${id}/retry`)).body];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain(secret);
    await until(() => done.some((payload) => payload.number === 7 && payload.api_key === secret), {
      description: 'the job with its key',
    });
  });

  it('are tried again in bulk, more than one chunk of them, each once', async () => {
    const numbers = Array.from({ length: 130 }, (_, index) => 1000 + index);
    const ids: string[] = [];
    for (const number of numbers) ids.push(await keep({ payload: { number } }));
    const answer = await bulk('retry', ids);
    expect(answer).toMatchObject({ status: 200, body: { success: ids, failed: [] } });
    const mended = () => done.map(({ number }) => number).filter((number) => number >= 1000);
    await until(() => mended().length >= numbers.length, { description: 'the jobs' });
    expect(mended().toSorted((a, b) => a - b)).toEqual(numbers);
    expect(await get(ids[0] ?? '')).toMatchObject({ status: 'retried', handled_by: 'admin' });
  });

  it('say of each that could not be tried again why, and do the others', async () => {
    const good = await keep({ payload: { number: 2000 } });
    const handled = await keep({ status: 'discarded' });
    const unknown = await keep({ operation: 'work.of.old' });
    const { body } = await bulk('retry', [handled, 'no-id', good, unknown, NOWHERE]);
    expect(body.success).toEqual([good]);
    expect(body.failed).toEqual([
      { id: handled, error: expect.stringContaining('already discarded') as string },
      { id: 'no-id', error: expect.stringContaining('no such') as string },
      { id: unknown, error: expect.stringContaining('work.of.old') as string },
      { id: NOWHERE, error: expect.stringContaining(NOWHERE) as string },
    ]);
    expect((await get(unknown)).status).toBe('failed');
    await until(() => done.some(({ number }) => number === 2000), { description: 'the job' });
  });

  it('are discarded in bulk, and are not done any more', async () => {
    const ids = [await keep({ payload: { number: 3000 } }), await keep({ payload: { number: 3001 } })];
    expect((await bulk('discard', ids)).body).toEqual({ success: ids, failed: [] });
    const again = (await bulk('retry', ids)).body;
    expect(again.success).toEqual([]);
    expect(again.failed.map(({ id }) => id)).toEqual(ids);
    expect((await get(ids[0] ?? '')).status).toBe('discarded');
    expect((await bulk('discard', [])).status).toBe(400);
  });

  it('are counted on /metrics by operation for as long as nobody has handled them', async () => {
    await keep({ operation: 'counted.op' });
    await keep({ operation: 'counted.op' });
    await keep({ operation: 'counted.op', status: 'retried' });
    const counted = async () =>
      /^aiops_failed_operations_open\{operation="counted.op"\} (\d+)$/m.exec(
        await (await fetch(`${engine.url}/metrics`)).text(),
      )?.[1];
    expect(await counted()).toBe('2');
  });
});
