import { UserError } from '../../../platform/index.js';
import { fingerprintOf } from '../../identity/fingerprint.js';
import { toSeverity } from '../../identity/severity.js';
import type { AdapterContext, IngestAdapter, Reading } from '../adapter.js';
import type { Delivery } from '../delivery.js';
import { FieldReader, isObject, typeName, unknownFields, type JsonObject } from '../read-fields.js';

/** Stored in a place of its own, or said again by each alert. */
const knownOfGroup = new Set([
  'alerts',
  'status',
  'version',
  'commonLabels',
  'commonAnnotations',
  'truncatedAlerts',
]);
const knownOfAlert = new Set([
  'status',
  'labels',
  'annotations',
  'startsAt',
  'endsAt',
  'generatorURL',
  'fingerprint',
]);

/**
 * Alertmanager's webhook, version 4 (`template.Data` and `webhook.Message` of its source). Newer versions add fields;
 * they are kept with the alert. Alertmanager sends its own resolutions, so nothing expires here.
 */
export const alertmanagerAdapter: IngestAdapter = {
  name: 'alertmanager',
  path: 'alertmanager',
  accepted: { status: 202, body: 'count' },
  about: {
    summary: 'Takes messages of Alertmanager’s webhook, version 4',
    example: {
      version: '4',
      groupKey: '{}:{alertname="ServiceDown"}',
      status: 'firing',
      receiver: 'aiops',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'ServiceDown', severity: 'critical', instance: 'web-1:9100' },
          annotations: { summary: 'The shop does not answer' },
          startsAt: '2026-01-31T12:00:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://prometheus.example/graph',
        },
      ],
    },
  },
  usesMapping: false,
  read(body, context) {
    if (!isObject(body))
      throw UserError.invalid('body', `Must be the object that a webhook sends and is ${typeName(body)}`);
    if (!Array.isArray(body['alerts']))
      throw UserError.invalid('alerts', `Must be an array and is ${typeName(body['alerts'])}`);
    const alerts: unknown[] = body['alerts'];
    const group = { extras: unknownFields(body, knownOfGroup), truncated: truncatedAlerts(body) };
    const reading: Reading = { deliveries: [], rejected: [], warnings: [] };
    if (group.truncated > 0) {
      reading.warnings.push(
        `Alertmanager left ${group.truncated} alerts out of the message of group ${String(body['groupKey'])}`,
      );
    }
    alerts.forEach((alert, index) => readAlert(alert, index, group, context, reading));
    return reading;
  },
};

function truncatedAlerts(body: JsonObject): number {
  const count = body['truncatedAlerts'];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0
    ? Math.min(count, 2 ** 31 - 1)
    : 0;
}

function readAlert(
  alert: unknown,
  index: number,
  group: { extras: JsonObject; truncated: number },
  context: AdapterContext,
  reading: Reading,
): void {
  const path = `alerts.${index}`;
  if (!isObject(alert)) {
    reading.rejected.push({
      index,
      errors: [{ field: path, message: `Must be an object and is ${typeName(alert)}` }],
    });
    return;
  }
  const fields = new FieldReader(alert, path);
  const labels = fields.labels();
  const startsAt = fields.time('startsAt');
  const endsAt = fields.time('endsAt');
  const status = alert['status'];
  if (status !== 'firing' && status !== 'resolved') fields.fail('status', 'Must be "firing" or "resolved"');
  const delivery: Delivery = {
    source: context.source,
    fingerprint: fingerprintOf(labels),
    status: status === 'resolved' ? 'resolved' : 'firing',
    alertName: labels['alertname'] ?? 'unnamed',
    severity: toSeverity(labels['severity']),
    labels,
    annotations: fields.annotations(),
    generatorUrl: fields.text('generatorURL'),
    extras: { ...group.extras, ...unknownFields(alert, knownOfAlert) },
    truncatedAlerts: group.truncated,
    startsAt: startsAt ?? context.now,
    startsAtStated: startsAt !== null,
    endsAt: status === 'resolved' || (endsAt !== null && endsAt > context.now) ? endsAt : null,
    resolveAfterMs: null,
  };
  if (fields.errors.length > 0) reading.rejected.push({ index, errors: fields.errors });
  else reading.deliveries.push(delivery);
}
