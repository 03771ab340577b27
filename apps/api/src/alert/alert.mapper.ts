import type { AlertDto } from '@aiops/contracts';
import type { Alert } from './alert.js';

export function toAlertDto(alert: Alert): AlertDto {
  return {
    id: alert.id,
    fingerprint: alert.fingerprint,
    source: alert.source,
    alert_name: alert.alertName,
    severity: alert.severity,
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    generator_url: alert.generatorUrl,
    starts_at: alert.startsAt.toISOString(),
    ends_at: alert.endsAt?.toISOString() ?? null,
    last_received_at: alert.lastReceivedAt.toISOString(),
    occurrences: alert.occurrences,
    acknowledged_by: alert.acknowledgedBy,
    acknowledged_at: alert.acknowledgedAt?.toISOString() ?? null,
    resolved_at: alert.resolvedAt?.toISOString() ?? null,
    remediation: alert.remediation,
    extras: alert.extras,
    truncated_alerts: alert.truncatedAlerts,
    created_at: alert.createdAt.toISOString(),
    updated_at: alert.updatedAt.toISOString(),
  };
}
