import { until } from '@aiops/testing';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { Tracing } from '../observability/tracing.service.js';
import type { EventsHandler } from './job.context.js';
import { JobRunner, type StoredJob } from './job-runner.js';

const stopping = new AbortController();
const handedBack: string[] = [];
const runner = new JobRunner(new Tracing(null, () => false), stopping.signal, {
  setPause: () => Promise.resolve(),
  handBack: ({ id }) => {
    handedBack.push(id);
    return Promise.resolve();
  },
});

const job = (id: string, index: number): StoredJob => ({
  id,
  name: 'test',
  data: { payload: { id }, trace_id: 'trace' },
  createdOn: new Date(index),
  retryCount: 0,
  retryLimit: 3,
  retryBackoff: true,
  retryDelay: 1,
  signal: new AbortController().signal,
  expireInSeconds: 1,
  heartbeatSeconds: null,
  priority: 0,
  state: 'active',
  startAfter: new Date(0),
  startedOn: new Date(0),
  singletonKey: null,
  singletonOn: null,
  deleteAfterSeconds: 0,
  completedOn: null,
  keepUntil: new Date(0),
  policy: 'standard',
  heartbeatOn: null,
  blocked: false,
  blocking: false,
  pendingDependencies: 0,
  deadLetter: 'dead-letters',
  output: {},
  sourceName: null,
  sourceId: null,
  sourceRootId: null,
  sourceCreatedOn: null,
  sourceRetryCount: null,
  sourceOutput: null,
});

// It says what it gives up; here that is expected.
beforeAll(() => Logger.overrideLogger(false));

describe('jobs that were taken together', () => {
  it('do not fall with one of them that hangs: it alone is given up', async () => {
    const done: string[] = [];
    const many: EventsHandler = async (events) => {
      for (const { payload } of events) {
        const { id } = payload as { id: string };
        if (id === 'hangs') await new Promise(() => undefined);
        done.push(id);
      }
    };
    const jobs = ['first', 'hangs', 'third', 'fourth'].map(job);
    const queue = { name: 'test', handler: { many }, options: { expireIn: 1, retryDelay: 1 } };
    const results = await runner.run(queue, jobs);
    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'first completed',
      'hangs failed',
      'third completed',
      'fourth completed',
    ]);
    expect(new Set(done)).toEqual(new Set(['first', 'third', 'fourth']));
  });
});

describe('jobs under way when the engine stops', () => {
  it('go back to their queue, those that did not begin as well, except what has ended', async () => {
    const begun: string[] = [];
    const one = async (payload: object): Promise<void> => {
      const { id } = payload as { id: string };
      begun.push(id);
      if (id !== 'ends') await new Promise(() => undefined);
    };
    const queue = { name: 'test', handler: { one }, options: { expireIn: 60, retryDelay: 1 } };
    const running = runner.run(queue, ['ends', 'goes on', 'behind'].map(job));
    await until(() => begun.includes('goes on'), { description: 'the second to be under way' });
    stopping.abort();
    runner.leave();
    expect((await running).map(({ status }) => status)).toEqual(['completed', 'failed', 'failed']);
    expect(handedBack).toEqual(['goes on', 'behind']);
    expect(begun).not.toContain('behind');
  });
});
