import { setTimeout } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import { AppConfig } from '../config/config.js';
import { DatabaseSession } from '../database/database-session.js';
import { Shutdown } from '../health/shutdown.service.js';
import { inSpan } from '../observability/active-trace.js';
import { clientFor } from '../observability/query-spans.js';
import { newTrace, type TraceContext } from '../observability/trace-context.js';
import { Tracing } from '../observability/tracing.service.js';
import { bossOn, createBoss, DEAD_LETTERS } from './boss.js';
import { HandlerRegistry } from './handler.registry.js';
import type { JobDefinition, JobOptions } from './job.definition.js';
import { traceOf, wrap, type JobEnvelope } from './job.envelope.js';
import { JobRunner, type Queue, type StoredJob } from './job-runner.js';
import { JobRepository } from './job.repository.js';
import { sendSpan } from './job.spans.js';
import { restAfter } from './rest-after.js';

interface SendOptions {
  /** Not before this time. */
  startAfter?: Date;
  /** At most one waiting job per key: a later one takes the place of the one that still waits. */
  singletonKey?: string;
}

const listenerOptions: JobOptions = {
  retryLimit: 8,
  retryDelay: 1,
  retryDelayMax: 120,
  expireIn: 120,
  concurrency: 1,
  gather: { most: 20, restMs: 50 },
};

const DEAD_LETTER_POLL_SECONDS = 2;
/** Parts of the shutdown time, at most half of it: for jobs that were told to stop, and for handing back the others. */
const STOP_MS = 3_000;
const HAND_BACK_MS = 1_000;

/** Durable background work on PostgreSQL. A job sent inside a transaction exists only if that commits. */
@Injectable()
export class JobQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('jobs');
  private readonly boss: PgBoss;
  private readonly stopping = new AbortController();
  private readonly runner: JobRunner;

  constructor(
    private readonly config: AppConfig,
    private readonly registry: HandlerRegistry,
    private readonly session: DatabaseSession,
    private readonly tracing: Tracing,
    private readonly shutdown: Shutdown,
    rows: JobRepository,
  ) {
    this.boss = createBoss(config, clientFor(config, tracing));
    this.runner = new JobRunner(tracing, this.stopping.signal, rows);
    shutdown.onDrain('jobs', () => this.drain());
    this.boss.on('error', (error) => this.logger.warn({ err: error }, 'the job queue lost its database'));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.registry.scan();
    await this.boss.start();
    await this.boss.createQueue(DEAD_LETTERS, { retryLimit: 1000, retryDelay: 5 });
    for (const { job, handler } of this.registry.jobs.values())
      await this.open({ ...job, handler: { one: handler } });
    for (const { queue, handler } of this.registry.listeners)
      await this.open({ name: queue, options: listenerOptions, handler });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: HAND_BACK_MS });
  }

  /** Sends one job; inside a transaction it commits with it. */
  async send<T extends object>(job: JobDefinition<T>, payload: T, options: SendOptions = {}): Promise<void> {
    const parsed = job.schema.parse(payload);
    await this.insert(job.name, [parsed], options);
  }

  /** Puts payloads into a queue by its name; for the event bus and for retries. */
  insert(queue: string, payloads: object[], options: SendOptions = {}): Promise<void> {
    return inSpan(sendSpan(queue, payloads.length), () => this.put(queue, payloads, options));
  }

  private async put(queue: string, payloads: object[], options: SendOptions): Promise<void> {
    const jobs = payloads.map((payload) => ({
      data: wrap(payload),
      ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter }),
    }));
    const runner = this.session.manager.queryRunner;
    const on = runner === undefined ? {} : { db: bossOn(runner) };
    const { singletonKey } = options;
    if (singletonKey === undefined) {
      await this.boss.insert(queue, jobs, on);
      return;
    }
    for (const { data, ...when } of jobs)
      await this.boss.upsert(queue, data, { ...when, ...on, singletonKey });
  }

  /** Round trip to the queue's tables, for health. */
  async ping(): Promise<void> {
    await this.boss.getQueue(DEAD_LETTERS);
  }

  /** Calls `take` for every job that used up its attempts, with its queue, payload and last error. */
  async onDeadLetter(take: (letter: DeadLetter) => Promise<void>): Promise<void> {
    if (!this.config.runsJobs) return;
    // pg-boss moves a job here without a NOTIFY, so this queue is looked into.
    await this.hire(DEAD_LETTERS, 1, { pollingIntervalSeconds: DEAD_LETTER_POLL_SECONDS }, async (jobs) => {
      for (const job of jobs) {
        const letter = toDeadLetter(job);
        await this.tracing.enter(letter.trace, () => take(letter));
      }
    });
  }

  /** Whether jobs of this name can be done by this version of the engine. */
  knows(queue: string): boolean {
    return this.registry.jobs.has(queue) || this.registry.listeners.some((known) => known.queue === queue);
  }

  /** Takes no more jobs. Those under way may end; what does not in time goes back to its queue, for another process. */
  private async drain(): Promise<void> {
    const { jobs, listeners } = this.registry;
    const names = [...jobs.keys(), ...listeners.map(({ queue }) => queue), DEAD_LETTERS];
    const ended = Promise.all(names.map((name) => this.boss.offWork(name)));
    const leaving = (ms: number): number => Math.min(ms, this.shutdown.remainingMs / 2);
    if (await this.shutdown.within(ended, leaving(STOP_MS))) return;
    this.stopping.abort(new Error('The engine is shutting down'));
    if (await this.shutdown.within(ended, leaving(HAND_BACK_MS))) return;
    this.runner.leave();
    await this.shutdown.within(ended);
  }

  private async open(queue: Queue & { options: JobOptions }): Promise<void> {
    const { name, options } = queue;
    const stored = {
      retryLimit: options.retryLimit,
      retryDelay: options.retryDelay,
      retryBackoff: true,
      retryDelayMax: options.retryDelayMax,
      expireInSeconds: options.expireIn,
      deleteAfterSeconds: 24 * 3600,
      deadLetter: DEAD_LETTERS,
      notify: true,
    };
    await this.boss.createQueue(name, stored);
    await this.boss.updateQueue(name, stored);
    if (!this.config.runsJobs) return;
    const work = { perJobResults: true, notifyPollingIntervalSeconds: 3 } as const;
    const batch = options.gather?.most ?? 1;
    for (let worker = 0; worker < options.concurrency; worker += 1) {
      await this.hire(name, batch, work, async (jobs) => {
        const results = await this.runner.run(queue, jobs);
        await this.rest(restAfter(jobs.length, options.gather));
        return results;
      });
    }
  }

  /**
   * One worker on a queue. After a full batch it looks at once whether there is more, as pg-boss would not: that lets it
   * sleep until the next NOTIFY or poll, and what was sent in one transaction has but one NOTIFY.
   */
  private async hire(
    name: string,
    batchSize: number,
    options: { perJobResults?: true; pollingIntervalSeconds?: number; notifyPollingIntervalSeconds?: number },
    work: (jobs: StoredJob[]) => Promise<unknown>,
  ): Promise<void> {
    const hired: { id?: string } = {};
    hired.id = await this.boss.work<JobEnvelope>(
      name,
      { ...options, includeMetadata: true, batchSize },
      async (jobs) => {
        const results = await work(jobs as StoredJob[]);
        if (jobs.length === batchSize && hired.id !== undefined) this.boss.notifyWorker(hired.id);
        return results;
      },
    );
  }

  /** Ends at once when the engine shuts down. */
  private async rest(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    await setTimeout(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** A job that used up its attempts. */
export interface DeadLetter {
  queue: string;
  payload: object;
  error: string;
  attempts: number;
  trace: TraceContext;
}

/** Whatever is stored there is kept, so that nothing can stick in this queue. */
function toDeadLetter(job: StoredJob): DeadLetter {
  const data: Partial<JobEnvelope> | null = job.data;
  const output: unknown = job.sourceOutput;
  const message =
    typeof output === 'object' && output !== null && 'message' in output
      ? String(output.message)
      : 'No reason was recorded';
  return {
    queue: job.sourceName ?? 'unknown',
    payload: data?.payload ?? { ...data },
    trace: traceOf(data) ?? newTrace(),
    error: message,
    attempts: (job.sourceRetryCount ?? 0) + 1,
  };
}
