import { UserError } from '../../../platform/index.js';
import { fingerprintOf } from '../../identity/fingerprint.js';
import { toSeverity } from '../../identity/severity.js';
import type { AdapterContext, IngestAdapter, Reading } from '../adapter.js';
import { FieldReader, isObject, typeName, unknownFields } from '../read-fields.js';

const known = new Set(['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL']);

/**
 * Alertmanager's API v2, `POST /api/v2/alerts`: Prometheus pushes here as if we were an Alertmanager, every firing alert
 * again and again. Times follow `postAlertsHandler` of its `api/v2/api.go`.
 */
export const prometheusAdapter: IngestAdapter = {
  name: 'prometheus',
  path: 'prometheus/api/v2/alerts',
  accepted: { status: 200, body: 'empty' },
  about: {
    summary: 'Takes alerts as Prometheus pushes them to an Alertmanager (API v2)',
    example: [
      {
        labels: { alertname: 'ServiceDown', severity: 'critical', instance: 'web-1:9100' },
        annotations: { summary: 'The shop does not answer' },
        startsAt: '2026-01-31T12:00:00.000Z',
        endsAt: '2026-01-31T12:04:00.000Z',
        generatorURL: 'https://prometheus.example/graph',
      },
    ],
  },
  usesMapping: false,
  read(body, context) {
    if (!Array.isArray(body))
      throw UserError.invalid('body', `Must be an array of alerts and is ${typeName(body)}`);
    const reading: Reading = { deliveries: [], rejected: [], warnings: [] };
    body.forEach((alert: unknown, index) => readAlert(alert, index, context, reading));
    return reading;
  },
};

function readAlert(alert: unknown, index: number, context: AdapterContext, reading: Reading): void {
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
  const annotations = fields.annotations();
  const generatorUrl = fields.text('generatorURL');
  const statedStart = fields.time('startsAt');
  const endsAt = fields.time('endsAt');
  const startsAt = statedStart ?? endsAt ?? context.now;
  if (endsAt !== null && endsAt < startsAt) fields.fail('endsAt', 'Must not be before startsAt');
  if (fields.errors.length > 0) {
    reading.rejected.push({ index, errors: fields.errors });
    return;
  }
  reading.deliveries.push({
    source: context.source,
    fingerprint: fingerprintOf(labels),
    status: endsAt !== null && endsAt <= context.now ? 'resolved' : 'firing',
    alertName: labels['alertname'] ?? 'unnamed',
    severity: toSeverity(labels['severity']),
    labels,
    annotations,
    generatorUrl,
    extras: unknownFields(alert, known),
    truncatedAlerts: 0,
    startsAt,
    startsAtStated: statedStart !== null,
    endsAt,
    resolveAfterMs: context.resolveTimeoutMs,
  });
}
