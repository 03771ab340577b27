import type { NotificationEvent, Severity } from '@aiops/contracts';

/** What is said, independent of the channel. All text may come from strangers: every sender escapes it. */
export interface Message {
  event: NotificationEvent | 'test';
  severity: Severity | null;
  /** One line. */
  subject: string;
  lines: string[];
  link: string | null;
  alertId: string | null;
  executionId: string | null;
}

interface MessageAlert {
  id: string;
  alertName: string;
  severity: Severity;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  acknowledgedBy: string | null;
}
interface MessageExecution {
  id: string;
  runbookName: string;
  targets: { name: string }[];
  reason: string | null;
  alertId: string | null;
}

const verbs: Partial<Record<NotificationEvent, string>> = {
  'alert.fired': 'fires',
  'alert.acknowledged': 'was acknowledged',
  'alert.resolved': 'is resolved',
};

const where = (labels: Record<string, string>): string => {
  const parts = [labels['service'], labels['instance'] ?? labels['host']].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? '' : ` (${parts.join(' on ')})`;
};

const linkTo = (base: string | undefined, path: string): string | null =>
  base === undefined ? null : `${base.replace(/\/$/, '')}${path}`;

export function alertMessage(
  event: NotificationEvent,
  alert: MessageAlert,
  base: string | undefined,
): Message {
  const { summary, description } = alert.annotations;
  const by =
    event === 'alert.acknowledged' && alert.acknowledgedBy !== null ? ` by ${alert.acknowledgedBy}` : '';
  return {
    event,
    severity: alert.severity,
    subject: `${alert.severity.toUpperCase()}: ${alert.alertName}${where(alert.labels)} ${verbs[event] ?? event}${by}`,
    lines: [summary, description].filter((line) => line !== undefined),
    link: linkTo(base, `/alerts/${alert.id}`),
    alertId: alert.id,
    executionId: null,
  };
}

/** Many alerts in one message: a storm must not become a storm of messages. */
export function digestMessage(
  event: NotificationEvent,
  alerts: MessageAlert[],
  base: string | undefined,
): Message {
  const rank: Severity[] = ['critical', 'high', 'warning', 'info'];
  const severity = rank.find((level) => alerts.some((alert) => alert.severity === level)) ?? null;
  const counts = rank
    .map((level) => ({ level, count: alerts.filter((alert) => alert.severity === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${count} ${level}`);
  const shown = alerts
    .slice(0, 10)
    .map((alert) => `${alert.severity}: ${alert.alertName}${where(alert.labels)}`);
  const rest = alerts.length > shown.length ? [`and ${alerts.length - shown.length} more`] : [];
  const verb =
    event === 'alert.fired' ? 'fire' : event === 'alert.resolved' ? 'are resolved' : 'were acknowledged';
  return {
    event,
    severity,
    subject: `${alerts.length} alerts ${verb}: ${counts.join(', ')}`,
    lines: [...shown, ...rest],
    link: linkTo(base, '/alerts'),
    alertId: null,
    executionId: null,
  };
}

const executionVerbs: Partial<Record<NotificationEvent, string>> = {
  'execution.approval_requested': 'waits for your approval',
  'execution.succeeded': 'fixed it: the result is verified',
  'execution.failed': 'failed',
  'execution.needs_attention': 'was interrupted: a person must decide how it goes on',
};

export function executionMessage(
  event: NotificationEvent,
  execution: MessageExecution,
  alert: MessageAlert | null,
  base: string | undefined,
): Message {
  const names = execution.targets.slice(0, 5).map((target) => target.name);
  const targets = names.length === 0 ? '' : ` on ${names.join(', ')}`;
  const why =
    alert === null
      ? []
      : [`For the alert ${alert.alertName}${where(alert.labels)}, severity ${alert.severity}`];
  return {
    event,
    severity: alert?.severity ?? null,
    subject: `${execution.runbookName}${targets} ${executionVerbs[event] ?? event}`,
    lines: [...(execution.reason === null ? [] : [execution.reason]), ...why],
    link: linkTo(base, `/executions/${execution.id}`),
    alertId: execution.alertId,
    executionId: execution.id,
  };
}

export function hostKeyMessage(
  change: { target_id: string; target_name: string; known_fingerprint: string; seen_fingerprint: string },
  base: string | undefined,
): Message {
  return {
    event: 'host_key.changed',
    severity: 'critical',
    subject: `The SSH host key of ${change.target_name} changed: connections are blocked`,
    lines: [
      `Known: ${change.known_fingerprint}`,
      `Presented: ${change.seen_fingerprint}`,
      'Either the host was reinstalled, or somebody is in between. Check before you accept the new key.',
    ],
    link: linkTo(base, `/targets/${change.target_id}`),
    alertId: null,
    executionId: null,
  };
}

export const testMessage: Message = {
  event: 'test',
  severity: 'info',
  subject: 'Test message from AIOps',
  lines: ['If you can read this, the channel works.'],
  link: null,
  alertId: null,
  executionId: null,
};
