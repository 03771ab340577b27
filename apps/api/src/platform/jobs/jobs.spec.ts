import { until } from '@aiops/testing';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailedOperationDto, PageDto, Problem } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { DatabaseSession } from '../database/database-session.js';
import { Allow } from '../http/access.js';
import type { JobContext } from './job.context.js';
import { HandlesJob } from './job.decorators.js';
import { defineJob } from './job.definition.js';
import { JobQueue } from './job-queue.service.js';

const payload = z.object({ id: z.string(), failures: z.number().default(0) });
const quick = { retryLimit: 2, retryDelay: 1, retryDelayMax: 2 };
const probe = defineJob('test.probe', payload, quick);
const mishap = 'the host said no';

interface Attempt {
  id: string;
  context: JobContext;
}

@Injectable()
class ProbeWorker {
  readonly attempts: Attempt[] = [];
  healed = false;

  @HandlesJob(probe)
  async work(job: z.infer<typeof payload>, context: JobContext): Promise<void> {
    this.attempts.push({ id: job.id, context });
    if (!this.healed && this.of(job.id).length <= job.failures) throw new Error(mishap);
    await Promise.resolve();
  }
  of(id: string): Attempt[] {
    return this.attempts.filter((attempt) => attempt.id === id);
  }
}

@Controller('send-a-job')
class ProbeController {
  constructor(private readonly jobs: JobQueue) {}
  @Post()
  @Allow('viewer')
  async send(): Promise<void> {
    await this.jobs.send(
      probe,
      { id: 'from-http', failures: 0 },
      { startAfter: new Date(Date.now() + 3_600_000) },
    );
  }
}
@Module({ providers: [ProbeWorker], controllers: [ProbeController] })
class ProbeModule {}

let engine: TestEngine;
let jobs: JobQueue;
let session: DatabaseSession;
let worker: ProbeWorker;
beforeAll(async () => {
  engine = await startTestEngine({ LOG_LEVEL: 'silent' }, [ProbeModule]);
  jobs = engine.app.get(JobQueue);
  session = engine.app.get(DatabaseSession);
  worker = engine.app.get(ProbeWorker, { strict: false });
});
afterAll(() => engine.stop());

interface StoredJob {
  data: { payload: { id: string }; trace_id: string };
  start_after: Date;
}
const stored = (id: string): Promise<StoredJob[]> =>
  engine.app
    .get<DataSource>(getDataSourceToken())
    .query(
      `SELECT data, start_after FROM jobs.job WHERE name = 'test.probe' AND data->'payload'->>'id' = $1`,
      [id],
    );
const later = () => new Date(Date.now() + 3_600_000);
const letters = async (id: string): Promise<FailedOperationDto[]> => {
  const page = await engine.api<PageDto<FailedOperationDto>>(
    'GET',
    '/failed-operations?operation=test.probe&limit=200',
  );
  return page.body.data.filter((letter) => letter.payload['id'] === id);
};

describe('jobs', () => {
  it('run with their payload, and know that they run for the first time', async () => {
    await jobs.send(probe, { id: 'plain', failures: 0 });
    await until(() => worker.of('plain').length === 1, { description: 'the job ran' });
    expect(worker.of('plain')[0]?.context).toMatchObject({ attempt: 1, willRetry: true });
  });

  it('exist only when the transaction that sent them commits', async () => {
    const rolledBack = session.transaction(async () => {
      await jobs.send(probe, { id: 'rolled-back', failures: 0 }, { startAfter: later() });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await stored('rolled-back')).toEqual([]);
    await session.transaction(async () => {
      await jobs.send(probe, { id: 'committed', failures: 0 }, { startAfter: later() });
      expect(await stored('committed')).toEqual([]);
    });
    expect(await stored('committed')).toHaveLength(1);
  });

  it('refuse a payload that is not theirs', async () => {
    await expect(jobs.send(probe, { id: 7 } as never)).rejects.toThrow();
  });

  it('wait for their time', async () => {
    const startAfter = later();
    await jobs.send(probe, { id: 'later', failures: 0 }, { startAfter });
    expect((await stored('later'))[0]?.start_after).toEqual(startAfter);
    expect(worker.of('later')).toEqual([]);
  });

  it('wait once per key, the latest in place of the others', async () => {
    const options = { startAfter: later(), singletonKey: 'one' };
    for (const id of ['first', 'second']) await jobs.send(probe, { id, failures: 0 }, options);
    await session.transaction(() => jobs.send(probe, { id: 'third', failures: 0 }, options));
    await jobs.send(probe, { id: 'other', failures: 0 }, { ...options, singletonKey: 'two' });
    const counts = await Promise.all(
      ['first', 'second', 'third', 'other'].map(async (id) => (await stored(id)).length),
    );
    expect(counts).toEqual([0, 0, 1, 1]);
  });

  it('carry the trace of the request that sent them', async () => {
    const answer = await engine.api('POST', '/send-a-job', { headers: { 'X-Trace-ID': 'trace-of-request' } });
    expect(answer.status).toBe(201);
    expect((await stored('from-http'))[0]?.data.trace_id).toBe('trace-of-request');
  });

  it('are tried again until they succeed', async () => {
    await jobs.send(probe, { id: 'shaky', failures: 1 });
    await until(() => worker.of('shaky').length === 2, { description: 'the second attempt' });
    const [first, second] = worker.of('shaky');
    expect([first?.context.attempt, second?.context.attempt]).toEqual([1, 2]);
    expect(first?.context.jobId).toBe(second?.context.jobId);
    expect(await letters('shaky')).toEqual([]);
  });
});

describe('jobs that used up their attempts', () => {
  it('are kept with payload, error and attempts, and can be tried again or discarded', async () => {
    await Promise.all(['hopeless', 'useless'].map((id) => jobs.send(probe, { id, failures: 99 })));
    const [letter] = await until(
      async () => ((await letters('hopeless')).length > 0 ? letters('hopeless') : false),
      {
        description: 'the dead letter',
      },
    );
    expect(letter).toMatchObject({
      operation: 'test.probe',
      payload: { id: 'hopeless', failures: 99 },
      error: mishap,
      attempts: 3,
      status: 'failed',
      handled_by: null,
    });
    expect(worker.of('hopeless').map((attempt) => attempt.context.willRetry)).toEqual([true, true, false]);

    worker.healed = true;
    const retried = await engine.api<FailedOperationDto>('POST', `/failed-operations/${letter?.id}/retry`);
    expect(retried.body).toMatchObject({ status: 'retried', handled_by: 'admin' });
    await until(() => worker.of('hopeless').length === 4, { description: 'the job runs again' });
    const again = await engine.api<Problem>('POST', `/failed-operations/${letter?.id}/retry`);
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('retried');

    const [other] = await until(
      async () => ((await letters('useless')).length > 0 ? letters('useless') : false),
      {
        description: 'the other dead letter',
      },
    );
    const discarded = await engine.api<FailedOperationDto>('POST', `/failed-operations/${other?.id}/discard`);
    expect(discarded.body).toMatchObject({ status: 'discarded', handled_by: 'admin' });
    expect((await engine.api('POST', `/failed-operations/${other?.id}/retry`)).status).toBe(409);
    expect(worker.of('useless')).toHaveLength(3);
    const open = await engine.api<PageDto<FailedOperationDto>>('GET', '/failed-operations?status=failed');
    expect(open.body.data).toEqual([]);
  });

  it('are not found under an id that does not exist', async () => {
    const path = '/failed-operations/01920000-0000-7000-8000-000000000000';
    expect((await engine.api('GET', path)).status).toBe(404);
    expect((await engine.api('POST', `${path}/retry`)).status).toBe(404);
    expect((await engine.api('GET', '/failed-operations/not-an-id')).status).toBe(400);
  });
});
