import { setTimeout as after } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ClsService } from 'nestjs-cls';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { z } from 'zod';
import { messageOf, OperationalError } from '../errors/errors.js';
import { newTraceId } from '../http/trace.js';
import type { Handler } from './handler.registry.js';
import type { EventsHandler, JobContext } from './job.context.js';
import type { JobOptions } from './job.definition.js';

/** What is stored with a job: its payload, and the trace that it belongs to. */
export interface JobEnvelope {
  payload: object;
  trace_id: string;
}
export type StoredJob = JobWithMetadata<JobEnvelope>;

/** A queue as its jobs are done. */
export interface Queue {
  name: string;
  handler: Handler;
  options: Pick<JobOptions, 'expireIn' | 'retryDelay'>;
  /** What payloads must fit; without, they were checked when they were sent. */
  schema?: z.ZodType<object>;
}

/** Changes when a job that is about to fail is tried again: `fixed` after so many seconds, or with the queue's backoff. */
export type SetPause = (job: StoredJob, pause: { seconds: number; fixed: boolean }) => Promise<void>;

/** The part of `expireIn` that handlers get: pg-boss must hear how a batch ended before it takes the worker for dead. */
const HANDLERS_SHARE = 0.9;
const LONGEST_ASKED_WAIT_S = 3600;
const LONGEST_ERROR = 10_000;

/**
 * Calls the handlers of jobs that were taken from a queue, each in the trace that its job belongs to. No job holds up the
 * others: one that cannot be read goes to the failed operations at once, one whose handler hangs is given up in time.
 */
export class JobRunner {
  private readonly logger = new Logger('jobs');

  constructor(
    private readonly cls: ClsService,
    private readonly stopping: AbortSignal,
    private readonly setPause: SetPause,
  ) {}

  /** Does the jobs, oldest first; says of each how it ended, and never throws. */
  async run(queue: Queue, taken: StoredJob[]): Promise<JobResult[]> {
    const jobs = taken.toSorted((a, b) => a.createdOn.getTime() - b.createdOn.getTime());
    const end = performance.now() + queue.options.expireIn * 1000 * HANDLERS_SHARE;
    const share = (among: number): number => (end - performance.now()) / among;
    const { handler } = queue;
    if ('many' in handler && jobs.length > 1) {
      if (await this.allTogether(queue.name, jobs, handler.many, share(2))) {
        return jobs.map((job) => ({ id: job.id, status: 'completed' }));
      }
    }
    const results: JobResult[] = [];
    for (const [index, job] of jobs.entries()) {
      results.push(await this.alone(queue, job, share(jobs.length - index)));
    }
    return results;
  }

  inContext<T>(traceId: string, work: () => Promise<T>): Promise<T> {
    return this.cls.run(async () => {
      this.cls.set('traceId', traceId);
      return work();
    });
  }

  /** Jobs of many traces have one of their own. @returns false when it failed for any of them. */
  private async allTogether(
    queue: string,
    jobs: StoredJob[],
    handle: EventsHandler,
    limitMs: number,
  ): Promise<boolean> {
    try {
      const events = jobs.map(({ id, data }) => ({ payload: data.payload, jobId: id }));
      await within(limitMs, () => this.inContext(newTraceId(), () => handle(events)));
      return true;
    } catch (error) {
      this.logger.warn(
        { err: error, job: queue, jobs: jobs.length },
        'jobs failed together, each is done alone',
      );
      return false;
    }
  }

  private async alone(queue: Queue, job: StoredJob, limitMs: number): Promise<JobResult> {
    const read = readEnvelope(job, queue.schema);
    if ('problem' in read) {
      this.logger.error({ job: queue.name, job_id: job.id }, read.problem);
      return { id: job.id, status: 'deadletter', output: { message: read.problem } };
    }
    const { payload, trace_id: traceId } = read.envelope;
    return this.inContext(traceId, async () => {
      try {
        await within(limitMs, (given) => {
          const signal = AbortSignal.any([this.stopping, given]);
          const { handler } = queue;
          return 'many' in handler
            ? handler.many([{ payload, jobId: job.id }])
            : handler.one(payload, contextOf(job, signal));
        });
        return { id: job.id, status: 'completed' };
      } catch (error) {
        return this.failed(queue, job, error);
      }
    });
  }

  private async failed(queue: Queue, job: StoredJob, error: unknown): Promise<JobResult> {
    const { attempt, willRetry } = contextOf(job, this.stopping);
    this.logger.warn(
      { err: error, job: queue.name, attempt, trace_id: job.data.trace_id },
      `job failed${willRetry ? ', it will be tried again' : ' for good'}`,
    );
    if (willRetry) await this.arrangePause(queue, job, error);
    return { id: job.id, status: 'failed', output: { message: storable(messageOf(error)) } };
  }

  /** Who asked to be left alone (`Retry-After`) is, and the queue's own pauses come back after that. */
  private async arrangePause(queue: Queue, job: StoredJob, error: unknown): Promise<void> {
    const asked = error instanceof OperationalError ? error.askedWaitMs : undefined;
    if (asked === undefined && job.retryBackoff) return;
    const pause =
      asked === undefined
        ? { seconds: queue.options.retryDelay, fixed: false }
        : { seconds: Math.min(LONGEST_ASKED_WAIT_S, Math.ceil(asked / 1000)), fixed: true };
    await this.setPause(job, pause).catch((reason: unknown) =>
      this.logger.warn({ err: reason, job: queue.name }, 'a job is tried again sooner than was asked for'),
    );
  }
}

const contextOf = (job: StoredJob, signal: AbortSignal): JobContext => ({
  jobId: job.id,
  attempt: job.retryCount + 1,
  willRetry: job.retryCount < job.retryLimit,
  signal,
});

function readEnvelope(
  job: StoredJob,
  schema: z.ZodType<object> | undefined,
): { envelope: JobEnvelope } | { problem: string } {
  const envelope: Partial<JobEnvelope> | null = job.data;
  const { payload, trace_id = newTraceId() } = envelope ?? {};
  if (typeof payload !== 'object' || payload === null) {
    return { problem: 'It was stored in a form that the engine does not write.' };
  }
  if (schema === undefined) return { envelope: { payload, trace_id } };
  const read = schema.safeParse(payload);
  if (read.success) return { envelope: { payload: read.data, trace_id } };
  return { problem: `Its payload does not fit: ${z.prettifyError(read.error)}` };
}

/**
 * Waits for work until its time is up, then tells it to stop and waits no longer: what does not mind the signal goes on,
 * unheard.
 */
async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = new AbortController();
  const limit = after(Math.max(0, limitMs), undefined, { signal: done.signal }).then(
    () => {
      const error = new Error(`It did not end within ${Math.round(limitMs / 100) / 10} s and was given up.`);
      late.abort(error);
      throw error;
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work(late.signal), limit]);
  } finally {
    done.abort();
  }
}

/** PostgreSQL's jsonb takes neither NUL nor half a character. */
const storable = (text: string): string => text.slice(0, LONGEST_ERROR).replaceAll('\0', '').toWellFormed();
