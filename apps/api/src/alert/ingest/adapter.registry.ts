import type { IngestAdapter } from './adapter.js';
import { alertmanagerAdapter } from './adapters/alertmanager.adapter.js';
import { genericAdapter } from './adapters/generic.adapter.js';
import { prometheusAdapter } from './adapters/prometheus.adapter.js';

/** Every source of alerts that the engine understands. */
export const ingestAdapters: readonly IngestAdapter[] = [
  alertmanagerAdapter,
  prometheusAdapter,
  genericAdapter,
];
