import { audited, type AuditRecord } from '../../platform/index.js';
import type { Execution } from './execution.types.js';
import type { MachineEvent } from './machine/events.js';

/** What the audit log shows of an execution; all of its commands stay with its plan. */
const auditedExecution = audited<ReturnType<typeof factsOf>>()({
  kind: 'execution',
  name: ({ runbook }) => runbook,
  fields: ['runbook', 'runbookVersion', 'trigger', 'dryRun', 'alertId', 'targets', 'parameters', 'status'],
});

const factsOf = (execution: Execution) => ({
  id: execution.id,
  runbook: execution.runbookName,
  runbookVersion: execution.runbookVersion,
  trigger: execution.trigger,
  dryRun: execution.dryRun,
  alertId: execution.alertId,
  targets: execution.targets.map(({ name }) => name),
  parameters: execution.parameters,
  status: execution.status,
});

export const requestedEntry = (execution: Execution): AuditRecord => ({
  action: 'execution.requested',
  ...auditedExecution.made(factsOf(execution)),
  actor: execution.requestedBy,
});

/** The entry for what somebody decided about an execution; null for what the engine goes through by itself. */
export function decidedEntry(before: Execution, after: Execution, event: MachineEvent): AuditRecord | null {
  const change = auditedExecution.changed(factsOf(before), factsOf(after));
  switch (event.type) {
    case 'approved':
      return { action: 'execution.approved', ...change, actor: event.by, reason: event.note };
    case 'rejected':
      return { action: 'execution.rejected', ...change, actor: event.by, reason: event.note ?? event.reason };
    case 'cancel_requested':
      return { action: 'execution.cancel_requested', ...change, actor: event.by, reason: event.reason };
    case 'resumed': {
      const reason = [event.decision, event.note].filter((text) => text !== undefined && text !== '');
      return { action: 'execution.resumed', ...change, actor: event.by, reason: reason.join(': ') };
    }
    default:
      return null;
  }
}
