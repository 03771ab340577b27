import type { AlertDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../platform/index.js';
import type { Alert } from './alert.js';

const { same, time, timeOrNull } = fieldsOf<Alert>();

export const alertFields: Fields<Alert, AlertDto> = {
  id: same('id'),
  fingerprint: same('fingerprint'),
  source: same('source'),
  alert_name: same('alertName'),
  severity: same('severity'),
  status: same('status'),
  labels: same('labels'),
  annotations: same('annotations'),
  generator_url: same('generatorUrl'),
  starts_at: time('startsAt'),
  ends_at: timeOrNull('endsAt'),
  last_received_at: time('lastReceivedAt'),
  occurrences: same('occurrences'),
  acknowledged_by: same('acknowledgedBy'),
  acknowledged_at: timeOrNull('acknowledgedAt'),
  resolved_at: timeOrNull('resolvedAt'),
  remediation: same('remediation'),
  extras: same('extras'),
  truncated_alerts: same('truncatedAlerts'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toAlertDto = mapperOf(alertFields);
