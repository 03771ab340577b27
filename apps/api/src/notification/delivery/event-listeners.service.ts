import { Injectable } from '@nestjs/common';
import type { DomainEventPayload, ExecutionStatus, NotificationEvent, Severity } from '@aiops/contracts';
import { AlertReader, type Alert } from '../../alert/index.js';
import { AppConfig, OnDomainEvent, OnDomainEvents, type Happened } from '../../platform/index.js';
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

  /** Whether anybody wants to hear of them is asked once for all. */
  @OnDomainEvents('alert.changed.v1', 'notification.alert', ({ changes }) =>
    changes.some(({ kind }) => alertEvents.has(kind)),
  )
  async onAlerts(events: Happened<'alert.changed.v1'>[]): Promise<void> {
    const kinds = new Set(events.flatMap(({ payload }) => payload.changes.map(({ kind }) => kind)));
    const wanted = new Map<NotificationEvent, Set<Severity>>();
    for (const [kind, event] of alertEvents)
      if (kinds.has(kind) && !wanted.has(event))
        wanted.set(event, await this.deliveries.wantedSeverities(event));
    for (const { payload, jobId } of events) await this.tellChanges(payload.changes, wanted, jobId);
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

  private async tellChanges(
    changes: AlertChanges,
    wanted: Map<NotificationEvent, Set<Severity>>,
    jobId: string,
  ): Promise<void> {
    for (const [event, severities] of wanted) {
      const changed = changes.filter(({ kind }) => alertEvents.get(kind) === event);
      if (changed.length === 0 || severities.size === 0) continue;
      const alerts = await this.alerts.findMany([...new Set(changed.map(({ alert_id }) => alert_id))]);
      await this.tellAlerts(
        event,
        alerts.filter(({ severity }) => severities.has(severity)),
        jobId,
      );
    }
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
