import { fingerprintOf } from '../identity/fingerprint.js';
import type { Delivery } from './delivery.js';

/** A firing delivery at `startsAt`, with what the test says otherwise. */
export function makeDelivery(given: Partial<Delivery> = {}): Delivery {
  const labels = given.labels ?? { alertname: 'HighCPU', instance: 'web-1:9100' };
  return {
    source: 'prometheus',
    fingerprint: fingerprintOf(labels),
    status: 'firing',
    alertName: 'HighCPU',
    severity: 'warning',
    labels,
    annotations: {},
    generatorUrl: null,
    extras: {},
    truncatedAlerts: 0,
    startsAt: new Date('2026-01-31T12:00:00Z'),
    startsAtStated: true,
    endsAt: null,
    resolveAfterMs: null,
    ...given,
  };
}
