import { until } from '@aiops/testing';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailedOperationDto, PageDto, Problem } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { DatabaseSession } from '../database/database-session.js';
import { OperationalError } from '../errors/errors.js';
import { Allow } from '../http/access.js';
import type { JobContext } from './job.context.js';
import { HandlesJob } from './job.decorators.js';
import { defineJob } from './job.definition.js';
import { JobQueue } from './job-queue.service.js';

const payload = z.object({ id: z.string(), failures: z.number().default(0) });
const quick = { retryLimit: 2, retryDelay: 1, retryDelayMax: 2 };
const probe = defineJob('test.probe', payload, quick);
const poison = defineJob('test.poison', payload, {
  retryLimit: 1,
  retryDelay: 1,
  retryDelayMax: 1,
  expireIn: 2,
  concurrency: 1,
});
const patient = defineJob('test.patient', payload, { retryLimit: 5, retryDelay: 1, retryDelayMax: 2 });
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

/** Does what the payload's id says. */
@Injectable()
class PoisonWorker {
  readonly done: string[] = [];
  readonly givenUp: string[] = [];
  busy = true;

  @HandlesJob(poison)
  async poisoned({ id }: z.infer<typeof payload>, { signal }: JobContext): Promise<void> {
    if (id.startsWith('hangs')) {
      signal.addEventListener('abort', () => this.givenUp.push(id));
      await new Promise(() => undefined);
    }
    if (id.startsWith('throws')) throw new Error('poison \0 with half a character \ud83d');
    this.done.push(id);
  }

  @HandlesJob(patient)
  async patiently({ id }: z.infer<typeof payload>): Promise<void> {
    await Promise.resolve();
    if (this.busy) throw new OperationalError('busy', { askedWaitMs: 3_600_000 });
    throw new OperationalError(`${id} is still away`);
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
@Module({ providers: [ProbeWorker, PoisonWorker], controllers: [ProbeController] })
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
const letters = async (id: string, operation = 'test.probe'): Promise<FailedOperationDto[]> => {
  const page = await engine.api<PageDto<FailedOperationDto>>(
    'GET',
    `/failed-operations?operation=${operation}&limit=200`,
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
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await engine.api('POST', '/send-a-job', { headers: { 'X-Trace-ID': trace } });
    expect(answer.status).toBe(201);
    expect((await stored('from-http'))[0]?.data.trace_id).toBe(trace);
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

describe('a poisoned job (R4.5)', () => {
  const queries = () => engine.app.get<DataSource>(getDataSourceToken());
  const wake = (id: string, also = '') =>
    queries().query(
      `UPDATE jobs.job SET start_after = now() ${also} WHERE data->'payload'->>'id' = $1 AND state < 'active'`,
      [id],
    );
  const letterOf = (id: string) =>
    until(async () => (await letters(id, 'test.poison'))[0] ?? false, { description: `the letter of ${id}` });

  it('that hangs is given up, told so, tried again and set aside, and its queue goes on', async () => {
    const poisoned = engine.app.get(PoisonWorker, { strict: false });
    await jobs.send(poison, { id: 'hangs', failures: 0 });
    await jobs.send(poison, { id: 'behind the one that hangs', failures: 0 });
    await until(() => poisoned.done.includes('behind the one that hangs'), { description: 'the job behind' });
    const letter = await letterOf('hangs');
    expect(letter).toMatchObject({ attempts: 2, status: 'failed' });
    expect(letter.error).toContain('was given up');
    expect(poisoned.givenUp).toEqual(['hangs', 'hangs']);
  });

  it('that always throws, with a text that cannot even be stored, is set aside, and its queue goes on', async () => {
    const poisoned = engine.app.get(PoisonWorker, { strict: false });
    await jobs.send(poison, { id: 'throws', failures: 0 });
    await jobs.send(poison, { id: 'behind the one that throws', failures: 0 });
    expect(await letterOf('throws')).toMatchObject({
      attempts: 2,
      error: 'poison  with half a character \ufffd',
    });
    await until(() => poisoned.done.includes('behind the one that throws'), {
      description: 'the job behind',
    });
  });

  it('whose payload does not fit is set aside at once, and never reaches its handler', async () => {
    const poisoned = engine.app.get(PoisonWorker, { strict: false });
    await jobs.insert('test.poison', [{ id: 'misfit', failures: 'many' }]);
    await jobs.send(poison, { id: 'behind the misfit', failures: 0 });
    const letter = await letterOf('misfit');
    expect(letter).toMatchObject({ attempts: 1, payload: { id: 'misfit', failures: 'many' } });
    expect(letter.error).toContain('Its payload does not fit');
    expect(letter.error).toContain('failures');
    await until(() => poisoned.done.includes('behind the misfit'), { description: 'the job behind' });
    expect(poisoned.done).not.toContain('misfit');
  });

  it.each(['null', '[]', '{"payload": null}', '"text"'])(
    'that is stored as %s is set aside too, and so it is by the keeper of what failed',
    async (data) => {
      const count = async () =>
        (
          await engine.api<PageDto<FailedOperationDto>>('GET', '/failed-operations?operation=test.poison')
        ).body.data.filter(({ error }) => error.includes('a form that the engine does not write')).length;
      const known = await count();
      await jobs.send(poison, { id: data, failures: 0 }, { startAfter: later() });
      await wake(data, `, data = '${data}'::jsonb`);
      await until(async () => (await count()) === known + 1, { description: 'the letter' });
    },
  );
});

describe('a job whose other side asks for patience (R4.3)', () => {
  const row = async () => {
    const [found] = await engine.app
      .get<DataSource>(getDataSourceToken())
      .query<{ retry_count: number; patient: boolean; state: string }[]>(
        `SELECT retry_count, state, start_after > now() + interval '50 minutes' AS patient
         FROM jobs.job WHERE name = 'test.patient'`,
      );
    return found;
  };

  it('waits for as long as was asked, and then with the pauses of its queue again', async () => {
    await jobs.send(patient, { id: 'patient', failures: 0 });
    await until(async () => (await row())?.state === 'retry', { description: 'the first attempt' });
    expect(await row()).toMatchObject({ retry_count: 0, patient: true });
    engine.app.get(PoisonWorker, { strict: false }).busy = false;
    await engine.app
      .get<DataSource>(getDataSourceToken())
      .query(`UPDATE jobs.job SET start_after = now() WHERE name = 'test.patient'`);
    await until(async () => ((await row())?.retry_count ?? 0) >= 2, { description: 'two more attempts' });
    expect(await row()).toMatchObject({ patient: false });
  });
});
