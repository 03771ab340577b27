import { setTimeout as after } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { z } from 'zod';
import { messageOf, OperationalError } from '../errors/errors.js';
import { failed as markFailed } from '../observability/active-trace.js';
import type { SpanNotes } from '../observability/span.js';
import { newTrace } from '../observability/trace-context.js';
import type { Tracing } from '../observability/tracing.service.js';
import type { Handler } from './handler.registry.js';
import type { EventsHandler, JobContext } from './job.context.js';
import { type JobEnvelope, traceOf } from './job.envelope.js';
import type { JobOptions } from './job.definition.js';
import type { JobRepository } from './job.repository.js';
import { batchSpan, jobSpan } from './job.spans.js';

export type StoredJob = JobWithMetadata<JobEnvelope>;

/** A queue as its jobs are done. */
export interface Queue {
  name: string;
  handler: Handler;
  options: Pick<JobOptions, 'expireIn' | 'retryDelay'>;
  /** What payloads must fit; without, they were checked when they were sent. */
  schema?: z.ZodType<object>;
}

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
  private readonly leaving = new AbortController();

  constructor(
    private readonly tracing: Tracing,
    private readonly stopping: AbortSignal,
    private readonly rows: Pick<JobRepository, 'setPause' | 'handBack'>,
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
      const left = jobs.length - index;
      results.push(
        this.stopping.aborted ? await this.handBack(job) : await this.alone(queue, job, share(left)),
      );
    }
    return results;
  }

  /** Waits for no handler any more: jobs that have not ended go back to their queues. After `stopping`. */
  leave(): void {
    this.leaving.abort();
  }

  /** Jobs of many traces have one of their own. @returns false when it failed for any of them. */
  private async allTogether(
    queue: string,
    jobs: StoredJob[],
    handle: EventsHandler,
    limitMs: number,
  ): Promise<boolean> {
    try {
      const events = jobs.map((job) => toEvent(job, job.data.payload));
      const links = events.flatMap(({ trace }) => trace ?? []);
      await this.within(limitMs, () =>
        this.tracing.continue(newTrace(), batchSpan(queue, links), () => handle(events)),
      );
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
    const context = traceOf(job.data) ?? newTrace();
    return this.tracing.continue(context, jobSpan(queue.name, job), (span) =>
      this.handle(queue, job, read.payload, limitMs, span),
    );
  }

  private async handle(
    { name, handler, options }: Queue,
    job: StoredJob,
    payload: object,
    limitMs: number,
    span: SpanNotes,
  ): Promise<JobResult> {
    try {
      await this.within(limitMs, (given) => {
        const signal = AbortSignal.any([this.stopping, given]);
        return 'many' in handler
          ? handler.many([toEvent(job, payload)])
          : handler.one(payload, contextOf(job, signal));
      });
      return { id: job.id, status: 'completed' };
    } catch (error) {
      markFailed(span, error);
      return this.failed({ name, options }, job, error);
    }
  }

  private async failed(
    queue: Pick<Queue, 'name' | 'options'>,
    job: StoredJob,
    error: unknown,
  ): Promise<JobResult> {
    // Whatever the handler said: it was told to stop.
    if (this.stopping.aborted) return this.handBack(job);
    const { attempt, willRetry } = contextOf(job, this.stopping);
    this.logger.warn(
      { err: error, job: queue.name, attempt },
      `job failed${willRetry ? ', it will be tried again' : ' for good'}`,
    );
    if (willRetry) await this.arrangePause(queue, job, error);
    return { id: job.id, status: 'failed', output: { message: storable(messageOf(error)) } };
  }

  /** Who asked to be left alone (`Retry-After`) is, and the queue's own pauses come back after that. */
  private async arrangePause(
    queue: Pick<Queue, 'options' | 'name'>,
    job: StoredJob,
    error: unknown,
  ): Promise<void> {
    const asked = error instanceof OperationalError ? error.askedWaitMs : undefined;
    if (asked === undefined && job.retryBackoff) return;
    const pause =
      asked === undefined
        ? { seconds: queue.options.retryDelay, fixed: false }
        : { seconds: Math.min(LONGEST_ASKED_WAIT_S, Math.ceil(asked / 1000)), fixed: true };
    await this.rows
      .setPause(job, pause)
      .catch((reason: unknown) =>
        this.logger.warn({ err: reason, job: queue.name }, 'a job is tried again sooner than was asked for'),
      );
  }

  /** For another process; what is then told of it finds nothing to settle. */
  private async handBack(job: StoredJob): Promise<JobResult> {
    const message = 'The engine was stopped; the job went back to its queue.';
    await this.rows.handBack(job).then(
      () => this.logger.log({ job: job.name, job_id: job.id }, 'a job went back to its queue'),
      (error: unknown) => this.logger.warn({ err: error, job: job.name }, 'a job was not handed back'),
    );
    return { id: job.id, status: 'failed', output: { message } };
  }

  /**
   * Waits for work until its time is up, then tells it to stop and waits no longer: what does not mind the signal goes
   * on, unheard.
   */
  private async within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const done = new AbortController();
    const late = new AbortController();
    const giveUp = (reason: string): never => {
      const error = new Error(reason);
      late.abort(error);
      throw error;
    };
    const signal = AbortSignal.any([done.signal, this.leaving.signal]);
    const limit = after(Math.max(0, limitMs), undefined, { signal }).then(
      () => giveUp(`It did not end within ${Math.round(limitMs / 100) / 10} s and was given up.`),
      () => (done.signal.aborted ? new Promise<never>(() => undefined) : giveUp('The engine was stopped.')),
    );
    try {
      return await Promise.race([work(late.signal), limit]);
    } finally {
      done.abort();
    }
  }
}

const contextOf = (job: StoredJob, signal: AbortSignal): JobContext => ({
  jobId: job.id,
  attempt: job.retryCount + 1,
  willRetry: job.retryCount < job.retryLimit,
  signal,
});

const toEvent = (job: StoredJob, payload: object) => ({ payload, jobId: job.id, trace: traceOf(job.data) });

function readEnvelope(
  job: StoredJob,
  schema: z.ZodType<object> | undefined,
): { payload: object } | { problem: string } {
  const envelope: Partial<JobEnvelope> | null = job.data;
  const { payload } = envelope ?? {};
  if (typeof payload !== 'object' || payload === null) {
    return { problem: 'It was stored in a form that the engine does not write.' };
  }
  if (schema === undefined) return { payload };
  const read = schema.safeParse(payload);
  if (read.success) return { payload: read.data };
  return { problem: `Its payload does not fit: ${z.prettifyError(read.error)}` };
}

/** PostgreSQL's jsonb takes neither NUL nor half a character. */
const storable = (text: string): string => text.slice(0, LONGEST_ERROR).replaceAll('\0', '').toWellFormed();
