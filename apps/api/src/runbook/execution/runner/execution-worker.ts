import { AsyncLocalStorage } from 'node:async_hooks';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandSessions } from '../../../executor/index.js';
import {
  AppConfig,
  Clock,
  HandlesJob,
  resumedTrace,
  Shutdown,
  systemActor,
  Tracing,
  UnexpectedError,
} from '../../../platform/index.js';
import { ParsedVersions } from '../../definition/parsed-versions.js';
import { RunbookRepository } from '../../definition/runbook.repository.js';
import { advanceJob } from '../execution.jobs.js';
import { ExecutionRepository } from '../execution.repository.js';
import { OutputRepository } from '../output/output.repository.js';
import { OutputWriter } from '../output/output-writer.js';
import { ExecutionRun, type RunMaterial } from './execution-run.js';
import type { Lease } from './lease.js';
import { LeaseRepository } from './lease.repository.js';
import { RunSupport } from './run-support.js';
import { SessionPool } from './session-pool.js';

/** How often a worker looks for due executions and for changes to its own. */
const LOOK_MS = 1_000;
/** Part of the shutdown time, at most half of it, left for stopping what still runs and for handing it over. */
const LAST_WORDS_MS = 3_000;
const SETTLED_LOOK_MS = 20;

type ExecutionHead = Awaited<ReturnType<ExecutionRepository['headOf']>>;

const engine = { kind: systemActor.kind, id: systemActor.id, name: systemActor.name };

/**
 * Runs executions in this process: takes what is due, as many as it may at once, keeps its leases alive, and stops
 * acting for one whose lease it could not keep. A slow execution holds one place and nothing else.
 */
@Injectable()
export class ExecutionWorker implements OnApplicationBootstrap {
  private readonly owner = `${hostname()}:${process.pid}`;
  private readonly runs = new Map<string, ExecutionRun>();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private beginning = 0;
  /** There was more to do than room: the next place that gets free is filled at once. */
  private turnedAway = false;
  private isLooking = false;
  private looking: Promise<void> = Promise.resolve();
  private renewedAt = performance.now();
  /** Looks go on for ever: they belong to nothing that happened to set one off. */
  private readonly inNoTrace = AsyncLocalStorage.snapshot();

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly leases: LeaseRepository,
    private readonly support: RunSupport,
    private readonly executions: ExecutionRepository,
    private readonly runbooks: RunbookRepository,
    private readonly parsed: ParsedVersions,
    private readonly output: OutputRepository,
    private readonly sessions: CommandSessions,
    private readonly shutdown: Shutdown,
    private readonly tracing: Tracing,
  ) {
    shutdown.onDrain('executions', () => this.drain());
  }

  onApplicationBootstrap(): void {
    if (this.config.runsJobs) this.schedule(0);
  }

  /** An execution was changed in this process: if it runs here, it looks at once. */
  poke(executionId: string): void {
    this.runs.get(executionId)?.poke();
  }

  @HandlesJob(advanceJob)
  async advance({ execution_id: id }: { execution_id: string }): Promise<void> {
    if (this.stopping) return;
    const here = this.runs.get(id);
    if (here !== undefined) return here.poke();
    if (this.room <= 0) {
      this.turnedAway = true;
      return;
    }
    const lease = await this.leases.claim(id, this.owner, this.support.leaseMs, this.clock.now());
    if (lease !== null) await this.begin(lease);
  }

  private get room(): number {
    return this.config.settings.EXECUTION_CONCURRENCY - this.runs.size - this.beginning;
  }

  private get lookMs(): number {
    return Math.min(LOOK_MS, Math.floor(this.support.leaseMs / 3));
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = this.inNoTrace(() => setTimeout(() => this.lookAndGoOn(), delayMs));
  }

  private lookAndGoOn(): void {
    this.isLooking = true;
    this.looking = this.look().finally(() => {
      this.isLooking = false;
      if (!this.stopping) this.schedule(this.turnedAway && this.room > 0 ? 0 : this.lookMs);
    });
  }

  private async look(): Promise<void> {
    try {
      await this.keepLeases();
      await this.noticeChanges();
      await this.claimDue();
    } catch (error) {
      this.support.logger.warn({ err: error }, 'the database cannot be reached; executions wait');
      this.dropExpired();
    }
  }

  private async keepLeases(): Promise<void> {
    if (this.runs.size === 0) {
      this.renewedAt = performance.now();
      return;
    }
    const asked = performance.now();
    const runs = [...this.runs.values()];
    const kept = await this.leases.renew(
      runs.map((run) => run.lease),
      this.support.leaseMs,
    );
    this.renewedAt = asked;
    for (const run of runs) if (!kept.has(run.lease.executionId) && this.holds(run)) run.abandon();
  }

  /** One that was given back while the answer was under way has not lost anything. */
  private holds(run: ExecutionRun): boolean {
    return this.runs.get(run.lease.executionId) === run && !run.released;
  }

  /** Without the database nobody can tell whether the leases still hold: after their time they do not. */
  private dropExpired(): void {
    if (performance.now() - this.renewedAt < this.support.leaseMs) return;
    for (const run of this.runs.values()) run.abandon();
  }

  private async noticeChanges(): Promise<void> {
    if (this.runs.size === 0) return;
    const versions = await this.leases.versions([...this.runs.keys()]);
    for (const run of this.runs.values()) {
      if ((versions.get(run.lease.executionId) ?? 0) > run.version) run.poke();
    }
  }

  private async claimDue(): Promise<void> {
    if (this.room <= 0 || this.stopping) return;
    const { room } = this;
    this.turnedAway = false;
    const claimed = await this.leases.claimDue(this.owner, this.support.leaseMs, this.clock.now(), room);
    this.turnedAway ||= claimed.length === room;
    await Promise.all(claimed.map((lease) => this.begin(lease)));
  }

  private async begin(lease: Lease): Promise<void> {
    this.beginning++;
    try {
      const head = await this.executions.headOf(lease.executionId);
      await this.tracing.enter(resumedTrace(head?.trace ?? null), () => this.take(lease, head));
    } catch (error) {
      this.tellUntaken(lease, error);
    } finally {
      this.beginning--;
    }
  }

  /** In the trace of whoever asked for the execution, wherever it was asked for. */
  private async take(lease: Lease, head: ExecutionHead): Promise<void> {
    try {
      this.launch(new ExecutionRun(lease, await this.material(lease, head), this.support));
    } catch (error) {
      this.tellUntaken(lease, error);
      if (error instanceof UnexpectedError) await this.giveUp(lease, error.message);
    }
  }

  private tellUntaken({ executionId }: Lease, error: unknown): void {
    this.support.logger.error({ err: error, execution: executionId }, 'an execution cannot be taken up');
  }

  /** What no worker can ever read must not be tried for ever. */
  private async giveUp(lease: Lease, reason: string): Promise<void> {
    const { transitions, logger } = this.support;
    try {
      await transitions.fromWorker(lease, { type: 'claimed' }, null);
      await transitions.fromOutside(lease.executionId, { type: 'cancel_requested', by: engine, reason });
    } catch (error) {
      logger.error({ err: error, execution: lease.executionId }, 'an execution cannot even be ended');
    }
  }

  private launch(run: ExecutionRun): void {
    const { lease } = run;
    this.runs.set(lease.executionId, run);
    void run.done.then(() => {
      if (this.runs.get(lease.executionId) === run) this.runs.delete(lease.executionId);
      if (this.turnedAway && !this.isLooking && !this.stopping) this.schedule(0);
    });
    run.start();
    if (this.stopping) run.drain();
  }

  private async material(lease: Lease, head: ExecutionHead): Promise<RunMaterial> {
    const version = head === null ? null : await this.runbooks.versionById(head.runbookVersionId);
    if (version === null) throw new UnexpectedError(`Execution ${lease.executionId} has no runbook version`);
    const position = await this.output.position(lease.executionId);
    const limit = this.config.settings.OUTPUT_LIMIT_BYTES;
    return {
      runbook: this.parsed.get(version.id, version.yaml),
      writer: new OutputWriter(position, limit, (pieces, sequence) =>
        this.output.append(lease, pieces, sequence),
      ),
      sessions: new SessionPool(this.sessions),
    };
  }

  /** What has no step under way is given back at once; steps may end, and what is late is stopped and handed back. */
  private async drain(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.looking;
    for (const run of this.runs.values()) run.drain();
    const meanwhile = this.keepAlive();
    await this.shutdown.within(this.settled(), Math.min(LAST_WORDS_MS, this.shutdown.remainingMs / 2));
    for (const run of this.runs.values()) run.handBack();
    await this.shutdown.within(this.settled());
    clearInterval(meanwhile);
    // Whatever does not even stop keeps its lease until that expires: nobody begins beside it before.
    for (const run of this.runs.values()) run.abandon();
  }

  private async settled(): Promise<void> {
    while (this.runs.size + this.beginning > 0 && this.shutdown.remainingMs > 0) await sleep(SETTLED_LOOK_MS);
  }

  /** Steps that may still end keep their leases meanwhile. */
  private keepAlive(): NodeJS.Timeout {
    return setInterval(() => void this.keepLeases().catch(() => undefined), this.lookMs);
  }
}
