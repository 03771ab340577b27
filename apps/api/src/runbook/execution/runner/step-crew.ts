import { inSpan, messageOf } from '../../../platform/index.js';
import type { Execution } from '../execution.types.js';
import type { Prepared, StepOutcome } from '../machine/events.js';
import { LeaseLostError } from './lease.js';
import type { RunMaterial } from './execution-run.js';
import type { RunSupport } from './run-support.js';
import type { Preparation } from './step-preparation.js';

type Ready = NonNullable<Preparation['run']>;

/** What the steps of a run report. */
export interface CrewReports {
  prepared(index: number, prepared: Prepared): void;
  ended(index: number, attempt: number, outcome: StepOutcome): void;
  /** The run cannot go on in this worker. */
  stuck(): void;
}

/** Prepares and carries out the steps of one run, several at the same time when targets are worked on in parallel. */
export class StepCrew {
  private readonly preparing = new Set<number>();
  private readonly ready = new Map<number, Ready>();
  private readonly running = new Map<number, AbortController>();
  private readonly work = new Set<Promise<void>>();
  private secrets: Promise<Record<string, string>> | undefined;

  constructor(
    private readonly executionId: string,
    private readonly material: RunMaterial,
    private readonly support: RunSupport,
    private readonly reports: CrewReports,
  ) {}

  get busy(): boolean {
    return this.preparing.size + this.running.size > 0;
  }

  async prepare(index: number, execution: Execution): Promise<void> {
    const step = execution.steps[index];
    if (step === undefined || this.preparing.has(index)) return;
    this.preparing.add(index);
    try {
      const { preparation } = this.support;
      const { prepared, run } = await preparation.prepare(execution, step, this.material.runbook, () =>
        this.secretValues(),
      );
      if (run !== null) this.ready.set(index, run);
      this.preparing.delete(index);
      this.reports.prepared(index, prepared);
    } catch (error) {
      this.preparing.delete(index);
      this.support.logger.error(
        { err: error, execution: this.executionId, step: index },
        'a step cannot be prepared',
      );
      this.reports.stuck();
    }
  }

  /** Starts what was prepared; its start is stored. */
  start(index: number, attempt: number): void {
    const run = this.ready.get(index);
    this.ready.delete(index);
    if (run === undefined) {
      this.reports.ended(index, attempt, { kind: 'unknown', reason: 'it was never prepared here' });
      return;
    }
    const controller = new AbortController();
    this.running.set(index, controller);
    const work = this.traced(index, attempt, run, controller.signal).then((outcome) => {
      this.running.delete(index);
      this.work.delete(work);
      this.reports.ended(index, attempt, outcome);
    });
    this.work.add(work);
  }

  abort(index: number): void {
    this.running.get(index)?.abort();
  }

  abortAll(): void {
    for (const controller of this.running.values()) controller.abort();
  }

  /** Resolves when what runs now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.work]);
  }

  /** Never the command: it has secrets in it. */
  private traced(index: number, attempt: number, run: Ready, signal: AbortSignal): Promise<StepOutcome> {
    const { step } = run.action;
    const attributes = {
      'aiops.execution.id': this.executionId,
      'aiops.step.index': index,
      'aiops.step.name': step.name,
      'aiops.step.kind': run.action.kind,
      'aiops.step.attempt': attempt,
      'aiops.target.name': run.target?.name,
    };
    return inSpan({ name: `step ${run.action.kind}`, attributes }, async (span) => {
      const outcome = await this.carryOut(index, attempt, run, signal);
      span.set({ 'aiops.step.outcome': outcome.kind });
      if (outcome.kind !== 'succeeded') span.fail(outcome.kind);
      return outcome;
    });
  }

  /** The outcome counts only once the output is stored. */
  private async carryOut(
    index: number,
    attempt: number,
    run: Ready,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    const { sessions, writer } = this.material;
    try {
      const secrets = Object.values(await this.secretValues());
      const outcome = await this.support.steps.run({
        index,
        attempt,
        run,
        secrets,
        signal,
        sessions,
        writer,
      });
      await writer.flush();
      return outcome;
    } catch (error) {
      if (error instanceof LeaseLostError) this.reports.stuck();
      else
        this.support.logger.error(
          { err: error, execution: this.executionId, step: index },
          'a step ended in an error of ours',
        );
      return { kind: 'unknown', reason: messageOf(error) };
    }
  }

  /** Fetched once; a failure is not kept. */
  private secretValues(): Promise<Record<string, string>> {
    this.secrets ??= this.support.secretValues(this.material.runbook).catch((error: unknown) => {
      this.secrets = undefined;
      throw error;
    });
    return this.secrets;
  }
}
