import { Injectable } from '@nestjs/common';
import type { AlertDto, DomainEventPayload, ExecutionStatus } from '@aiops/contracts';
import { AlertReader, AlertRemediationState, AlertTimeline } from '../../alert/index.js';
import { Clock, DatabaseSession, OnDomainEvent } from '../../platform/index.js';
import { ExecutionReader } from '../../runbook/index.js';
import { DecisionRepository } from './decision.repository.js';

type RemediationState = AlertDto['remediation'];

/** What an execution's status means for its alert. */
export const stateAfter: Record<ExecutionStatus, RemediationState> = {
  awaiting_approval: 'awaiting_approval',
  queued: 'running',
  running: 'running',
  verifying: 'running',
  succeeded: 'fixed',
  failed: 'failed',
  rolled_back: 'failed',
  timed_out: 'failed',
  needs_attention: 'failed',
  rejected: 'suggested',
  cancelled: 'suggested',
};

const told: Partial<Record<ExecutionStatus, { kind: string; text: string }>> = {
  awaiting_approval: { kind: 'approval_requested', text: 'waits for approval' },
  running: { kind: 'execution_started', text: 'started' },
  verifying: { kind: 'execution_verifying', text: 'ran its steps; the fix is being verified' },
  succeeded: { kind: 'execution_finished', text: 'succeeded: the fix is verified' },
  failed: { kind: 'execution_finished', text: 'failed' },
  rolled_back: { kind: 'execution_finished', text: 'failed and was rolled back' },
  timed_out: { kind: 'execution_finished', text: 'ran out of time' },
  rejected: { kind: 'execution_finished', text: 'was rejected' },
  cancelled: { kind: 'execution_finished', text: 'was cancelled' },
  needs_attention: { kind: 'execution_interrupted', text: 'was interrupted; a person must decide' },
};

/** Writes what became of an execution onto the alert that it is for. */
@Injectable()
export class OutcomeService {
  constructor(
    private readonly executions: ExecutionReader,
    private readonly alerts: AlertReader,
    private readonly states: AlertRemediationState,
    private readonly timeline: AlertTimeline,
    private readonly decisions: DecisionRepository,
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  @OnDomainEvent('execution.changed.v1', 'remediation.outcome')
  async onExecutionChanged(event: DomainEventPayload<'execution.changed.v1'>): Promise<void> {
    const { alert_id: alertId, execution_id: id, status } = event;
    if (alertId === null || (await this.alerts.find(alertId)) === null) return;
    const execution = await this.executions.get(id);
    if (execution.dryRun) return;
    await this.session.transaction(async () => {
      if (!(await this.decisions.recordOutcome(id, status, this.clock.now()))) return;
      // Events may arrive late: the alert shows what is true now.
      await this.states.set(alertId, stateAfter[execution.status]);
      const line = told[status];
      if (line === undefined) return;
      const reason = status === execution.status && execution.reason !== null ? `: ${execution.reason}` : '';
      await this.timeline.add(alertId, {
        kind: line.kind,
        actor: execution.requestedBy,
        summary: `${execution.runbookName} ${line.text}${reason}`,
        details: { execution_id: id, status },
      });
    });
  }
}
