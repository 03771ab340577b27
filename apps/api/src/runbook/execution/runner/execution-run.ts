import { AsyncLocalStorage } from 'node:async_hooks';
import type { Runbook } from '@aiops/runbook-format';
import { UnexpectedError, UserError } from '../../../platform/index.js';
import type { Execution } from '../execution.types.js';
import type { Effect } from '../machine/events.js';
import { inFlight } from '../machine/steps.js';
import type { OutputWriter } from '../output/output-writer.js';
import { LeaseLostError, type Lease } from './lease.js';
import type { RunSupport } from './run-support.js';
import type { SessionPool } from './session-pool.js';
import { StepCrew } from './step-crew.js';
import type { EventSource, Transition } from './transition.store.js';

/** A wait shorter than this keeps the lease and the connections. */
const HOLD_MS = 5_000;
/** Never looks more often than this, whatever the stored times say. */
const MIN_WAIT_MS = 20;
const STORE_RETRY_MS = 250;

/** The database may be back in a moment; a lost lease and a broken rule do not mend themselves. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof LeaseLostError || error instanceof UnexpectedError || error instanceof UserError);

/** What one claimed execution needs beside the shared services; made when it is claimed. */
export interface RunMaterial {
  runbook: Runbook;
  writer: OutputWriter;
  sessions: SessionPool;
}

/**
 * One execution in the hands of this worker: it does what `decide` says is due, one stored transition after the other,
 * until nothing is left to do now. Whatever it was doing when it loses its lease, it stops.
 */
export class ExecutionRun {
  private execution: Execution | null = null;
  /** Transitions are stored one after the other. */
  private chain: Promise<void> = Promise.resolve();
  private pending = 0;
  private admitting = false;
  private checking = false;
  private draining = false;
  private gaveBack = false;
  private changedOutside = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly lost = new AbortController();
  private readonly finished = Promise.withResolvers<void>();
  private readonly crew: StepCrew;
  /** The context of the claim: whoever pokes must not draw a transition into a transaction of theirs. */
  private readonly inOwnContext = AsyncLocalStorage.snapshot();

  constructor(
    readonly lease: Lease,
    private readonly material: RunMaterial,
    private readonly support: RunSupport,
  ) {
    this.crew = new StepCrew(lease.executionId, material, support, {
      prepared: (index, prepared) => this.send({ type: 'step_prepared', index, prepared }),
      ended: (index, attempt, outcome) =>
        this.send({ type: 'step_finished', index, attempt, outcome, draining: this.draining }),
      stuck: () => this.abandon(),
    });
  }

  start(): void {
    this.send({ type: 'claimed' });
  }

  /** Resolves when the lease is given back or lost; never rejects. */
  get done(): Promise<void> {
    return this.finished.promise;
  }

  /** Whether the lease was given back by this run itself. */
  get released(): boolean {
    return this.gaveBack;
  }

  /** The version that this worker knows; a higher one in the database came from outside. */
  get version(): number {
    return this.execution?.version ?? 0;
  }

  /** Something about the execution was changed by somebody else: look again. */
  poke(): void {
    this.send({ type: 'tick' });
  }

  /** Finish the steps under way and start no other. */
  drain(): void {
    this.draining = true;
    this.afterEvent();
  }

  /** Stops what runs and leaves it to another worker, which learns that it was interrupted. */
  handBack(): void {
    this.draining = true;
    this.crew.abortAll();
    this.send({ type: 'handed_back' });
  }

  /** The lease is gone: nothing may be stored any more, and nothing may go on. */
  abandon(): void {
    if (this.lost.signal.aborted) return;
    this.lost.abort();
    clearTimeout(this.timer);
    this.crew.abortAll();
    this.material.writer.discard();
    // The connections stay until what ran on them was told to stop.
    void this.crew
      .settled()
      .then(() => this.material.sessions.closeAll())
      .then(() => this.finished.resolve());
  }

  private send(event: EventSource): void {
    this.enqueue(async () => {
      if (this.lost.signal.aborted || this.gaveBack) return;
      this.follow(await this.store(event));
    }, 'an execution cannot go on here');
  }

  private enqueue(work: () => Promise<void>, failure: string): void {
    this.pending++;
    const next = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        const level = error instanceof LeaseLostError ? 'warn' : 'error';
        this.support.logger[level]({ err: error, execution: this.lease.executionId }, failure);
        this.abandon();
      } finally {
        this.pending--;
      }
      this.afterEvent();
    };
    this.chain = this.inOwnContext(() => this.chain.then(next));
  }

  /** Tries again while the database is away, for as long as the lease can be good. */
  private async store(event: EventSource): Promise<Transition> {
    const deadline = Date.now() + this.support.leaseMs;
    for (;;) {
      try {
        return await this.support.transitions.fromWorker(this.lease, event, this.execution);
      } catch (error) {
        if (!mayPass(error) || this.lost.signal.aborted || Date.now() > deadline) throw error;
        this.support.logger.warn(
          { err: error, execution: this.lease.executionId },
          'a transition is not stored yet',
        );
        await new Promise((resolve) => setTimeout(resolve, STORE_RETRY_MS));
      }
    }
  }

  private follow({ before, execution, effects, changedOutside }: Transition): void {
    this.execution = execution;
    this.changedOutside ||= changedOutside;
    this.noteSetbacks(before, execution);
    for (const effect of effects) this.perform(effect, execution);
  }

  /** A failed try or an interruption also stands where people read the output. */
  private noteSetbacks(before: Execution, after: Execution): void {
    for (const step of after.steps) {
      const old = before.steps[step.index];
      const setBack =
        old?.status === 'running' && (step.status === 'pending' || step.status === 'interrupted');
      if (setBack) this.material.writer.note(step.index, step.attempt, `[${step.reason ?? step.status}]`);
    }
  }

  private perform(effect: Effect, execution: Execution): void {
    if (effect.type === 'abort') return this.crew.abort(effect.index);
    if (effect.type === 'run')
      return this.crew.start(effect.index, execution.steps[effect.index]?.attempt ?? 0);
    if (this.draining) return;
    switch (effect.type) {
      case 'admit':
        return this.admit();
      case 'prepare':
        return void this.crew.prepare(effect.index, execution);
      case 'check_alert':
        return void this.checkAlert(execution);
    }
  }

  private admit(): void {
    if (this.admitting) return;
    this.admitting = true;
    this.send(async (execution) => {
      this.admitting = false;
      return this.support.admit(execution, this.material.runbook);
    });
  }

  private async checkAlert(execution: Execution): Promise<void> {
    if (this.checking || execution.alertId === null) return;
    this.checking = true;
    try {
      const alert = await this.support.alertState(execution.alertId);
      this.checking = false;
      this.send({ type: 'alert_checked', alert });
    } catch (error) {
      this.checking = false;
      this.support.logger.warn({ err: error, execution: execution.id }, 'the alert cannot be read');
      this.abandon();
    }
  }

  /** Nothing is under way: look again if somebody else was here, wait a little, or give the lease back. */
  private afterEvent(): void {
    const { execution } = this;
    const idle = this.pending === 0 && !this.checking && !this.crew.busy;
    if (execution === null || !idle || this.lost.signal.aborted || this.gaveBack) return;
    clearTimeout(this.timer);
    if (this.changedOutside) {
      this.changedOutside = false;
      return this.send({ type: 'tick' });
    }
    const wait = (execution.wakeAt?.getTime() ?? Infinity) - this.support.now().getTime();
    const goesOn = execution.status === 'running' || execution.status === 'verifying';
    // With a step in flight that does not run here (its start was stored, and the answer lost) only a new claim helps.
    const holds = goesOn && wait <= HOLD_MS && !this.draining && inFlight(execution).length === 0;
    if (!holds) return this.giveBack(execution);
    this.timer = setTimeout(() => this.send({ type: 'tick' }), Math.max(MIN_WAIT_MS, wait));
  }

  private giveBack(execution: Execution): void {
    this.enqueue(async () => {
      if (this.lost.signal.aborted) return;
      await this.material.writer.flush();
      this.gaveBack = await this.support.release(this.lease, execution);
      if (!this.gaveBack) return this.poke();
      await this.material.sessions.closeAll();
      this.finished.resolve();
    }, 'a lease was not given back');
  }
}
