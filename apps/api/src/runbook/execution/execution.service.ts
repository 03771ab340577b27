import { Injectable } from '@nestjs/common';
import type { Safety } from '@aiops/runbook-format';
import {
  AuditLog,
  Clock,
  DatabaseSession,
  EventBus,
  JobQueue,
  newId,
  promiseSpan,
  UserError,
} from '../../platform/index.js';
import { RunbookAccessReader } from '../access/runbook-access.reader.js';
import { DraftService, type Draft } from './draft.service.js';
import { requestedEntry } from './execution.audit.js';
import { advanceJob } from './execution.jobs.js';
import { ExecutionRepository } from './execution.repository.js';
import type { ExecutionRequest, PlanRequest } from './execution.request.js';
import type { Execution } from './execution.types.js';
import { dryRunState, initialState } from './machine/initial.js';
import { SafetyService } from './safety/safety.service.js';

/** Asking for executions. */
@Injectable()
export class ExecutionService {
  constructor(
    private readonly access: RunbookAccessReader,
    private readonly drafts: DraftService,
    private readonly repository: ExecutionRepository,
    private readonly safety: SafetyService,
    private readonly session: DatabaseSession,
    private readonly events: EventBus,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Plans an execution and queues it, or lets its plan wait for approval. A dry run ends with its plan. People and their
   * keys must be let by the runbook's access; rules and schedules are what engineers wrote, and are not asked.
   * @throws UserError with the reason when it is refused: no target, a missing parameter, a trigger that does not match,
   * cooldown, hourly cap, open breaker, disabled runbook; `forbidden` and who may
   */
  async request(request: ExecutionRequest): Promise<Execution> {
    const id = newId();
    const approval = await this.permitted(request);
    const { draft, execution } = await this.plan(id, { ...request, approval });
    return request.dryRun === true ? this.storeDryRun(execution) : this.submit(draft, execution);
  }

  /** The execution as it would be asked for now. */
  async plan(id: string, request: PlanRequest): Promise<{ draft: Draft; execution: Execution }> {
    const asked = { targetIds: request.targetIds ?? null, parameters: request.parameters ?? {} };
    const { runbookId, trigger, alertId = null } = request;
    const draft = await this.drafts.make({ executionId: id, runbookId, alertId, trigger, asked });
    const now = this.clock.now();
    const { runbook, record } = draft;
    const start = {
      steps: draft.steps,
      strategy: runbook.targets?.strategy ?? { batch: 1, maxFailures: 0 },
      approvalExpiresMs: runbook.safety.approvalExpiresMs,
    };
    const ask = mustAsk(runbook.safety, request.approval);
    const dryRun = request.dryRun ?? false;
    const { kind, id: actorId, name } = request.actor;
    const execution: Execution = {
      ...(dryRun ? dryRunState(start, now) : initialState({ ...start, ask }, now)),
      id,
      trigger,
      dryRun,
      runbookId: record.id,
      runbookVersionId: record.versionId,
      runbookName: record.name,
      runbookVersion: record.version,
      alertId,
      targets: draft.plan.targets,
      parameters: draft.plan.parameters,
      alertSnapshot: draft.alertSnapshot,
      plan: draft.plan,
      requestedBy: { kind, id: actorId, name },
      asked,
      trace: promiseSpan(),
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    return { draft, execution };
  }

  private async permitted(request: ExecutionRequest): Promise<PlanRequest['approval']> {
    if (request.trigger !== 'manual') return request.approval;
    const permit = await this.access.requireRun(request.runbookId, request.actor);
    return permit.mustAsk ? 'always' : request.approval;
  }

  /** Stores a planned execution, if nothing speaks against it, and tells everybody. */
  submit(draft: Draft, execution: Execution): Promise<Execution> {
    return this.session.transaction(async () => {
      const refusal = await this.safety.refusal(execution, draft.runbook.safety, this.clock.now());
      if (refusal !== null) throw new UserError('conflict', refusal);
      await this.repository.insert(execution);
      await this.audit.record(requestedEntry(execution));
      await this.announce(execution);
      if (execution.status === 'queued') await this.jobs.send(advanceJob, { execution_id: execution.id });
      return execution;
    });
  }

  /** Not announced: listeners take an execution that ended well for a fix. */
  private storeDryRun(execution: Execution): Promise<Execution> {
    return this.session.transaction(async () => {
      await this.repository.insert(execution);
      await this.audit.record(requestedEntry(execution));
      return execution;
    });
  }

  private async announce(execution: Execution): Promise<void> {
    const facts = {
      execution_id: execution.id,
      alert_id: execution.alertId,
      runbook_id: execution.runbookId,
    };
    await this.events.emit('execution.changed.v1', {
      ...facts,
      status: execution.status,
      previous_status: null,
    });
    if (execution.status !== 'awaiting_approval') return;
    const expires_at = execution.approvalExpiresAt?.toISOString() ?? null;
    await this.events.emit('execution.approval_requested.v1', { ...facts, expires_at, step_index: null });
  }
}

/** Whether a person must approve: who starts it may have to ask; then the runbook decides, or leaves it to the starter. */
function mustAsk(safety: Safety, approval: PlanRequest['approval']): boolean {
  if (approval === 'always') return true;
  switch (safety.approval) {
    case 'required':
      return true;
    case 'never':
      return false;
    case 'by_rule':
      return approval === 'ask';
  }
}
