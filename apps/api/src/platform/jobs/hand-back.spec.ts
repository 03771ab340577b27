import { until } from '@aiops/testing';
import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { migratedDatabase, startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import type { JobContext } from './job.context.js';
import { HandlesJob } from './job.decorators.js';
import { defineJob } from './job.definition.js';
import { JobQueue } from './job-queue.service.js';

const options = { retryLimit: 0, retryDelay: 60, retryDelayMax: 60 };
const obedient = defineJob('test.obedient', z.object({}), options);
const stubborn = defineJob('test.stubborn', z.object({}), options);
const seen: { job: string; attempt: number; willRetry: boolean }[] = [];
let stopping = false;

@Injectable()
class Workers {
  @HandlesJob(obedient)
  async obey(_payload: object, { attempt, willRetry, signal }: JobContext): Promise<void> {
    seen.push({ job: 'obedient', attempt, willRetry });
    if (!stopping)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told'))));
  }

  @HandlesJob(stubborn)
  async ignore(_payload: object, { attempt, willRetry }: JobContext): Promise<void> {
    seen.push({ job: 'stubborn', attempt, willRetry });
    if (!stopping) await new Promise(() => undefined);
  }
}
@Module({ providers: [Workers] })
class WorkersModule {}

describe('jobs under way when an engine stops (R4.5)', () => {
  let database: { url: string; drop(): Promise<void> };
  let engine: TestEngine;
  const start = async () => {
    const settings = { LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '2000', DATABASE_URL: database.url };
    engine = await startTestEngine(settings, [WorkersModule]);
  };
  beforeAll(async () => {
    database = await migratedDatabase();
    await start();
  });
  afterAll(async () => {
    await engine.stop();
    await database.drop();
  });

  it('are done by the next one at once, even those that had but one attempt, and none is given up', async () => {
    const jobs = engine.app.get(JobQueue);
    await jobs.send(obedient, {});
    await jobs.send(stubborn, {});
    await until(() => seen.length === 2, { description: 'both under way' });
    await engine.stop();
    stopping = true;
    seen.length = 0;
    await start();
    await until(() => seen.length === 2, { description: 'both under way again' });
    expect(seen.toSorted((a, b) => a.job.localeCompare(b.job))).toEqual([
      { job: 'obedient', attempt: 2, willRetry: false },
      { job: 'stubborn', attempt: 2, willRetry: false },
    ]);
    expect((await engine.api<{ data: unknown[] }>('GET', '/failed-operations')).body.data).toEqual([]);
  });
});
