import { Injectable } from '@nestjs/common';
import type { DomainEventPayload, ExecutionStatus, NotificationEvent } from '@aiops/contracts';
import { AlertReader, type Alert } from '../../alert/index.js';
import { AppConfig, OnDomainEvent, type JobContext } from '../../platform/index.js';
import { ExecutionReader } from '../../runbook/index.js';
import { DeliveryService } from './delivery.service.js';
import { alertMessage, digestMessage, executionMessage, hostKeyMessage, type Message } from './message.js';

type AlertChanges = DomainEventPayload<'alert.changed.v1'>['changes'];

const alertEvents = new Map<AlertChanges[number]['kind'], NotificationEvent>([
  ['opened', 'alert.fired'],
  ['reopened', 'alert.fired'],
  ['acknowledged', 'alert.acknowledged'],
  ['resolved', 'alert.resolved'],
]);
const executionEvents: Partial<Record<ExecutionStatus, NotificationEvent>> = {
  succeeded: 'execution.succeeded',
  failed: 'execution.failed',
  rolled_back: 'execution.failed',
  timed_out: 'execution.failed',
  needs_attention: 'execution.needs_attention',
};

/** Up to so many alerts of one commit are told one by one; more become one message. */
const SINGLE_MESSAGES = 5;

/** Turns what happens into messages. */
@Injectable()
export class NotificationListeners {
  constructor(
    private readonly alerts: AlertReader,
    private readonly executions: ExecutionReader,
    private readonly deliveries: DeliveryService,
    private readonly config: AppConfig,
  ) {}

  private get base(): string | undefined {
    return this.config.settings.PUBLIC_URL;
  }

  @OnDomainEvent('alert.changed.v1', 'notification.alert', ({ changes }) =>
    changes.some(({ kind }) => alertEvents.has(kind)),
  )
  async onAlerts({ changes }: { changes: AlertChanges }, { jobId }: JobContext): Promise<void> {
    for (const event of new Set(alertEvents.values())) {
      const ids = changes
        .filter((change) => alertEvents.get(change.kind) === event)
        .map((change) => change.alert_id);
      if (ids.length === 0) continue;
      await this.tellAlerts(event, await this.wanted(event, [...new Set(ids)]), jobId);
    }
  }

  @OnDomainEvent('execution.changed.v1', 'notification.execution')
  async onExecution(change: DomainEventPayload<'execution.changed.v1'>): Promise<void> {
    const event = executionEvents[change.status];
    if (event !== undefined) await this.tellExecution(event, change.execution_id, change.status);
  }

  @OnDomainEvent('execution.approval_requested.v1', 'notification.approval')
  async onApproval(request: DomainEventPayload<'execution.approval_requested.v1'>): Promise<void> {
    const occasion = `approval:${request.step_index ?? 'plan'}:${request.expires_at ?? ''}`;
    await this.tellExecution('execution.approval_requested', request.execution_id, occasion);
  }

  @OnDomainEvent('host_key.changed.v1', 'notification.host_key')
  async onHostKey(change: DomainEventPayload<'host_key.changed.v1'>): Promise<void> {
    await this.notify(
      hostKeyMessage(change, this.base),
      `host_key:${change.target_id}:${change.seen_fingerprint}`,
    );
  }

  private async wanted(event: NotificationEvent, ids: string[]): Promise<Alert[]> {
    const severities = await this.deliveries.wantedSeverities(event);
    if (severities.size === 0) return [];
    return (await this.alerts.findMany(ids)).filter((alert) => severities.has(alert.severity));
  }

  private async tellAlerts(event: NotificationEvent, alerts: Alert[], jobId: string): Promise<void> {
    if (alerts.length > SINGLE_MESSAGES) {
      await this.notify(digestMessage(event, alerts, this.base), `${jobId}:${event}`);
      return;
    }
    for (const alert of alerts)
      await this.notify(alertMessage(event, alert, this.base), `${jobId}:${event}:${alert.id}`);
  }

  private async tellExecution(event: NotificationEvent, id: string, occasion: string): Promise<void> {
    const execution = await this.executions.get(id);
    if (execution.dryRun) return;
    const alert = execution.alertId === null ? null : await this.alerts.find(execution.alertId);
    await this.notify(executionMessage(event, execution, alert, this.base), `${id}:${occasion}`);
  }

  private async notify(message: Message, dedupKey: string): Promise<void> {
    if (message.event === 'test') return;
    await this.deliveries.notify({ ...message, event: message.event }, dedupKey);
  }
}
