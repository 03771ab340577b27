import { setImmediate } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import {
  activeTrace,
  AppConfig,
  formatTraceparent,
  inSpan,
  messageOf,
  newTrace,
  OperationalError,
  Tracing,
  UnexpectedError,
  type ActiveTrace,
} from '../../platform/index.js';
import type { Delivery } from './delivery.js';
import { IngestStore } from './ingest.store.js';
import { classifyStorageError, storageAway } from './storage-error.js';
import { takeBatch } from './take-batch.js';

/** Per transaction: enough to make a commit cheap, few enough that nobody waits long, and that the next begins soon. */
const BATCH = { alerts: 500, requests: 300 };
/** Transactions at once: while PostgreSQL works on one, the engine reads the requests of the next. */
const WRITERS = 2;
/** So many requests must wait before one begins beside another: small ones cost more than they gain. */
const WORTH_ANOTHER = 100;
/** How often a batch is tried again when another process got in its way. */
const RACES = 5;

interface Waiting {
  deliveries: readonly Delivery[];
  /** Trace of the request, by which its alerts can be followed to what they cause. */
  trace: ActiveTrace | undefined;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * Commits what waits. While transactions are under way requests gather; they are the next one, so under load a commit
 * serves many requests, and alone a request waits for nobody. An alert is in one transaction at a time, in order.
 */
@Injectable()
export class IngestQueue implements BeforeApplicationShutdown {
  private readonly logger = new Logger('ingest');
  private waiting: Waiting[] = [];
  /** Alerts that wait or are being committed. */
  private held = 0;
  private writers = 0;
  private readonly writing = new Set<Promise<void>>();
  /** Fingerprints of the alerts in the transactions under way. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly store: IngestStore,
    private readonly config: AppConfig,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Resolves when all deliveries are committed, and only then.
   * @throws OperationalError when too much waits or the database is away; nothing of this call was stored.
   */
  submit(deliveries: readonly Delivery[]): Promise<void> {
    const limit = this.config.settings.INGEST_QUEUE_LIMIT;
    // A single message larger than the limit is taken when nothing else waits, or it never would be.
    if (this.held > 0 && this.held + deliveries.length > limit) {
      throw new OperationalError(
        `More than ${limit} alerts wait to be stored. Send this again in a moment.`,
        {
          retryAfterSeconds: 1,
        },
      );
    }
    this.held += deliveries.length;
    const trace = activeTrace();
    return new Promise((done, failed) => {
      this.waiting.push({ deliveries, trace, done, failed });
      if (this.writers === 0 || this.anotherIsDue()) this.beginToWrite();
    });
  }

  /** What was taken in is committed before the database goes, also where nobody waits for the answer any more. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing);
  }

  private beginToWrite(): void {
    const written = this.write().finally(() => this.writing.delete(written));
    this.writing.add(written);
  }

  private anotherIsDue(): boolean {
    return this.writers < WRITERS && this.waiting.length >= WORTH_ANOTHER;
  }

  private async write(): Promise<void> {
    this.writers += 1;
    do {
      // What the sockets hold at this moment joins the batch.
      await setImmediate();
      const { batch, rest } = takeBatch(this.waiting, this.underWay, BATCH);
      if (batch.length === 0) break;
      this.waiting = rest;
      await this.writeBatch(batch);
    } while (this.writers === 1 || this.waiting.length >= WORTH_ANOTHER);
    this.writers -= 1;
  }

  private async writeBatch(batch: Waiting[]): Promise<void> {
    const deliveries = batch.flatMap((waiting) => waiting.deliveries);
    for (const { fingerprint } of deliveries) this.underWay.add(fingerprint);
    await this.commit(batch);
    for (const { fingerprint } of deliveries) this.underWay.delete(fingerprint);
    this.held -= deliveries.length;
  }

  /** Commits a batch and answers each of its requests; never throws. */
  private async commit(batch: Waiting[]): Promise<void> {
    try {
      await this.inContext(batch, () => this.tryCommit(batch));
      for (const { done } of batch) done();
    } catch (error) {
      if (classifyStorageError(error) === 'data') await this.isolate(batch, error);
      else for (const { failed } of batch) failed(storageAway(error));
    }
  }

  /** A request that is alone keeps its trace; many together have one of their own, with a way back to each of them. */
  private inContext(batch: Waiting[], work: () => Promise<void>): Promise<void> {
    const [first] = batch;
    const spec = {
      name: 'ingest commit',
      attributes: {
        'aiops.ingest.alerts': batch.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
      },
    };
    if (batch.length === 1 && first !== undefined) {
      return this.tracing.resume(first.trace, () => inSpan(spec, work));
    }
    const links = this.tracing.recorder === null ? [] : batch.flatMap(({ trace }) => trace?.context ?? []);
    return this.tracing.continue(newTrace(), { ...spec, links }, work);
  }

  /** A row that the database refuses takes nobody else's down: halve until it stands alone. */
  private async isolate(batch: Waiting[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      // The error itself carries the statement with every alert of the batch.
      this.logger.error({ reason: messageOf(error) }, 'an alert could not be stored');
      only.failed(new UnexpectedError(`An alert could not be stored: ${messageOf(error)}`));
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await this.commit(batch.slice(0, middle));
    await this.commit(batch.slice(middle));
  }

  /** By fingerprint, so that what follows from an alert finds back to the trace of its sender. */
  private tracesOf(batch: Waiting[]): Map<string, string> | undefined {
    if (this.tracing.recorder === null || batch.length === 1) return undefined;
    const known = new Map<string, string>();
    for (const { deliveries, trace } of batch) {
      const traceparent = trace === undefined ? undefined : formatTraceparent(trace.context);
      if (traceparent === undefined) continue;
      for (const { fingerprint } of deliveries) known.set(fingerprint, traceparent);
    }
    return known;
  }

  private async tryCommit(batch: Waiting[]): Promise<void> {
    const deliveries = batch.flatMap((waiting) => waiting.deliveries);
    const traces = this.tracesOf(batch);
    for (let race = 1; ; race += 1) {
      try {
        return await this.store.commit(deliveries, traces);
      } catch (error) {
        if (classifyStorageError(error) !== 'raced' || race === RACES) throw error;
      }
    }
  }
}
