import { Injectable } from '@nestjs/common';
import {
  AuditLog,
  Clock,
  DatabaseSession,
  EventBus,
  JobQueue,
  UnexpectedError,
  UserError,
} from '../../../platform/index.js';
import { decidedEntry } from '../execution.audit.js';
import { advanceJob } from '../execution.jobs.js';
import { ExecutionRepository } from '../execution.repository.js';
import type { Execution } from '../execution.types.js';
import { decide } from '../machine/decide.js';
import type { Effect, MachineEvent } from '../machine/events.js';
import { isFinal, mayFollow } from '../machine/transitions.js';
import { SafetyService } from '../safety/safety.service.js';
import { notePhases } from './execution.spans.js';
import { LeaseLostError, type Lease } from './lease.js';

/** An event, or how to find it out inside the transaction that stores what it leads to. */
export type EventSource = MachineEvent | ((execution: Execution) => Promise<MachineEvent>);

export interface Transition {
  before: Execution;
  execution: Execution;
  effects: Effect[];
  /** Somebody else changed the execution since `known`. */
  changedOutside: boolean;
}

/**
 * The only way in which an execution changes: under its row lock the event is decided on the stored state, and the
 * next state, what follows from its end, and the event for everybody else are one transaction.
 */
@Injectable()
export class TransitionStore {
  constructor(
    private readonly session: DatabaseSession,
    private readonly repository: ExecutionRepository,
    private readonly safety: SafetyService,
    private readonly events: EventBus,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** For the holder of the lease. @throws LeaseLostError when it is not any more; then nothing was changed. */
  async fromWorker(lease: Lease, source: EventSource, known: Execution | null): Promise<Transition> {
    const transition = await this.session.transaction(async () => {
      const head = await this.repository.lock(lease.executionId);
      if (head?.leaseToken !== lease.token) throw new LeaseLostError(lease.executionId);
      const changedOutside = known !== null && known.version !== head.version;
      const before = known === null || changedOutside ? await this.load(lease.executionId) : known;
      return { before, ...(await this.apply(before, source)), changedOutside };
    });
    notePhases(transition.before, transition.execution);
    return transition;
  }

  /** For people and other modules. A worker is sent to it when there is something to do. */
  async fromOutside(executionId: string, source: EventSource): Promise<Transition> {
    const transition = await this.session.transaction(async () => {
      await this.repository.lock(executionId);
      const before = await this.load(executionId);
      const { execution, effects } = await this.apply(before, source);
      if (execution.wakeAt !== null && execution.wakeAt <= this.clock.now()) {
        await this.jobs.send(advanceJob, { execution_id: executionId });
      }
      return { before, execution, effects, changedOutside: false };
    });
    notePhases(transition.before, transition.execution);
    return transition;
  }

  private async load(id: string): Promise<Execution> {
    const execution = await this.repository.find(id);
    if (execution === null) throw UserError.notFound('execution', id);
    return execution;
  }

  private async apply(
    before: Execution,
    source: EventSource,
  ): Promise<{ execution: Execution; effects: Effect[] }> {
    const event = typeof source === 'function' ? await source(before) : source;
    const now = this.clock.now();
    const { state, effects } = decide(before, event, now);
    if (state === before) return { execution: before, effects };
    if (!mayFollow(before.status, state.status)) {
      throw new UnexpectedError(
        `An execution cannot go from ${before.status} to ${state.status} (${event.type})`,
      );
    }
    const execution: Execution = { ...before, ...state, version: before.version + 1, updatedAt: now };
    await this.repository.update(before, execution);
    const entry = decidedEntry(before, execution, event);
    if (entry !== null) await this.audit.record(entry);
    if (isFinal(execution.status)) await this.afterEnd(execution, now);
    if (isVisible(before, execution)) await this.announce(before, execution);
    return { execution, effects };
  }

  private async afterEnd(execution: Execution, now: Date): Promise<void> {
    const waiting = await this.safety.settle(execution, now);
    for (const id of waiting) await this.jobs.send(advanceJob, { execution_id: id });
  }

  private async announce(before: Execution, execution: Execution): Promise<void> {
    const facts = {
      execution_id: execution.id,
      alert_id: execution.alertId,
      runbook_id: execution.runbookId,
    };
    await this.events.emit('execution.changed.v1', {
      ...facts,
      status: execution.status,
      previous_status: before.status === execution.status ? null : before.status,
    });
    for (const step of execution.steps) {
      if (step.status !== 'awaiting_approval' || before.steps[step.index]?.status === 'awaiting_approval')
        continue;
      await this.events.emit('execution.approval_requested.v1', {
        ...facts,
        expires_at: execution.approvalExpiresAt?.toISOString() ?? null,
        step_index: step.index,
      });
    }
  }
}

/** When a worker looks again is nobody else's business. */
function isVisible(before: Execution, after: Execution): boolean {
  const seen = ({ status, reason, steps, ending, approvalExpiresAt, approvedBy }: Execution) => [
    status,
    reason,
    steps,
    ending,
    approvalExpiresAt,
    approvedBy,
  ];
  const old = seen(before);
  return seen(after).some((value, index) => value !== old[index]);
}
