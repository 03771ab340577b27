import { Logger } from '@nestjs/common';
import type { ClsService } from 'nestjs-cls';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { messageOf } from '../errors/errors.js';
import { newTraceId } from '../http/trace.js';
import type { Handler } from './handler.registry.js';
import type { EventsHandler, JobContext } from './job.context.js';

/** What is stored with a job: its payload, and the trace that it belongs to. */
export interface JobEnvelope {
  payload: object;
  trace_id: string;
}
type Job = JobWithMetadata<JobEnvelope>;

/** Calls the handlers of jobs that were taken from a queue, each in the trace that its job belongs to. */
export class JobRunner {
  private readonly logger = new Logger('jobs');

  constructor(
    private readonly cls: ClsService,
    private readonly stopping: AbortSignal,
  ) {}

  /** Does the jobs, oldest first; says of each how it ended, and never throws. */
  async run(queue: string, taken: Job[], handler: Handler): Promise<JobResult[]> {
    const jobs = taken.toSorted((a, b) => a.createdOn.getTime() - b.createdOn.getTime());
    if ('many' in handler && jobs.length > 1 && (await this.allTogether(queue, jobs, handler.many))) {
      return jobs.map((job) => ({ id: job.id, status: 'completed' }));
    }
    const results: JobResult[] = [];
    for (const job of jobs) results.push(await this.alone(queue, job, handler));
    return results;
  }

  inContext<T>(traceId: string, work: () => Promise<T>): Promise<T> {
    return this.cls.run(async () => {
      this.cls.set('traceId', traceId);
      return work();
    });
  }

  /** Jobs of many traces have one of their own. @returns false when it failed for any of them. */
  private async allTogether(queue: string, jobs: Job[], handle: EventsHandler): Promise<boolean> {
    try {
      await this.inContext(newTraceId(), () =>
        handle(jobs.map(({ id, data }) => ({ payload: data.payload, jobId: id }))),
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

  private async alone(queue: string, job: Job, handler: Handler): Promise<JobResult> {
    const { payload, trace_id: traceId } = job.data;
    const context: JobContext = {
      jobId: job.id,
      attempt: job.retryCount + 1,
      willRetry: job.retryCount < job.retryLimit,
      signal: this.stopping,
    };
    return this.inContext(traceId, async () => {
      try {
        await ('many' in handler
          ? handler.many([{ payload, jobId: job.id }])
          : handler.one(payload, context));
        return { id: job.id, status: 'completed' };
      } catch (error) {
        this.logger.warn(
          { err: error, job: queue, attempt: context.attempt, trace_id: traceId },
          `job failed${context.willRetry ? ', it will be tried again' : ' for good'}`,
        );
        return { id: job.id, status: 'failed', output: { message: messageOf(error) } };
      }
    });
  }
}
