import { Injectable } from '@nestjs/common';
import type { Safety } from '@aiops/runbook-format';
import { EventBus } from '../../../platform/index.js';
import { RunbookRepository, type StoredRunbook } from '../../definition/runbook.repository.js';
import type { Execution } from '../execution.types.js';
import type { WorkerEvent } from '../machine/events.js';
import { admitAutomatic, afterRun, type RunbookBreaker } from './breaker.js';
import { isAutomatic, limitReached } from './limits.js';
import { SafetyRepository, type Blocker } from './safety.repository.js';

const HOUR_MS = 60 * 60_000;
/** How soon one that waits for a target looks again by itself; the end of the other wakes it earlier. */
const LOOK_AGAIN_MS = 15_000;

type Checked = Pick<Execution, 'id' | 'runbookId' | 'trigger' | 'approvedBy' | 'status' | 'targets'>;

/** What stands between a request and a run. All of it is asked inside the transaction that lets the run start. */
@Injectable()
export class SafetyService {
  constructor(
    private readonly runbooks: RunbookRepository,
    private readonly repository: SafetyRepository,
    private readonly events: EventBus,
  ) {}

  /** Why this execution must not start now, or null. Lets the trial run of an open breaker through and remembers it. */
  async refusal(execution: Checked, safety: Safety, now: Date): Promise<string | null> {
    const runbook = await this.runbooks.lock(execution.runbookId);
    if (runbook === null || runbook.deletedAt !== null) return 'The runbook was deleted.';
    if (!runbook.enabled) return 'The runbook is disabled.';
    const limit = await this.limit(execution, safety, now);
    if (limit !== null) return limit;
    return isAutomatic(execution) ? this.askBreaker(runbook, execution.id, now) : null;
  }

  /** Decides on a queued execution: it may run, waits for its targets, or is refused. */
  async admit(execution: Execution, safety: Safety, now: Date): Promise<WorkerEvent> {
    const runbook = await this.runbooks.lock(execution.runbookId);
    if (runbook === null) return { type: 'refused', reason: 'The runbook is gone.' };
    const targetIds = execution.targets.map((target) => target.id);
    const blocker = await this.repository.lockTargets(execution.id, targetIds, now);
    if (blocker !== null) {
      return {
        type: 'blocked',
        reason: waitReason(execution, blocker),
        until: new Date(now.getTime() + LOOK_AGAIN_MS),
      };
    }
    const reason = await this.refusal(execution, safety, now);
    return reason === null ? { type: 'admitted' } : { type: 'refused', reason };
  }

  /** Frees what an ended execution held. @returns executions that may have waited for it */
  async settle(execution: Execution, now: Date): Promise<string[]> {
    const runbook = await this.runbooks.lock(execution.runbookId);
    if (runbook !== null) {
      const next = afterRun(runbook.breaker, execution.id, outcomeOf(execution), now);
      await this.storeBreaker(runbook, next);
    }
    await this.repository.unlock(execution.id);
    return this.repository.queuedFor(execution.targets.map((target) => target.id));
  }

  private async limit(execution: Checked, safety: Safety, now: Date): Promise<string | null> {
    const targetIds = execution.targets.map((target) => target.id);
    const last = await this.repository.lastRun(
      execution.runbookId,
      execution.id,
      targetIds,
      new Date(now.getTime() - safety.cooldownMs),
    );
    const startedLastHour = await this.repository.startedSince(
      execution.runbookId,
      execution.id,
      new Date(now.getTime() - HOUR_MS),
    );
    const targetName = execution.targets.find((target) => target.id === last?.targetId)?.name ?? null;
    const lastRun = last === undefined ? undefined : { finishedAt: last.finishedAt, targetName };
    return limitReached({ ...safety, lastRun, startedLastHour }, now);
  }

  private async askBreaker(runbook: StoredRunbook, executionId: string, now: Date): Promise<string | null> {
    if (runbook.breaker.trial === executionId) return null;
    const admission = admitAutomatic(runbook.breaker, executionId, now);
    if (!admission.admitted) return `The runbook is paused: ${admission.reason}.`;
    await this.storeBreaker(runbook, admission.breaker);
    return null;
  }

  private async storeBreaker(runbook: StoredRunbook, next: RunbookBreaker): Promise<void> {
    if (next === runbook.breaker) return;
    await this.runbooks.setBreaker(runbook.id, next);
    if (next.state === runbook.breaker.state) return;
    await this.events.emit('breaker.changed.v1', { name: `runbook:${runbook.name}`, state: next.state });
  }
}

function outcomeOf(execution: Execution): 'success' | 'failure' | 'neither' {
  if (execution.status === 'succeeded') return 'success';
  return ['failed', 'timed_out', 'rolled_back'].includes(execution.status) ? 'failure' : 'neither';
}

function waitReason(execution: Execution, blocker: Blocker): string {
  const target = execution.targets.find((each) => each.id === blocker.targetId)?.name ?? blocker.targetId;
  return `Waits for execution ${blocker.executionId} (${blocker.runbookName}) on ${target}.`;
}
