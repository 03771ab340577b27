import { Global, Logger, Module } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Metrics } from '../metrics/metrics.service.js';
import type { ExportReports } from './otlp-exporter.js';
import { hostsToTell } from './propagation.js';
import { Tracing } from './tracing.service.js';

async function openTracing(config: AppConfig, metrics: Metrics): Promise<Tracing> {
  const mayTell = hostsToTell(config.settings.TRACE_PROPAGATION_HOSTS);
  const reports = reportsTo(metrics);
  const url = config.tracesUrl;
  if (url === null) return new Tracing(null, mayTell);
  const { openRecorder } = await import('./span-recorder.js');
  return new Tracing(openRecorder(config.settings, url, reports), mayTell);
}

function reportsTo(metrics: Metrics): ExportReports {
  const logger = new Logger('tracing');
  const exported = metrics.counter({
    name: 'aiops_trace_spans_exported_total',
    help: 'Spans that the collector of traces took.',
  });
  const dropped = metrics.counter({
    name: 'aiops_trace_spans_dropped_total',
    help: 'Spans that were lost: `queue_full` while the collector was slow or away, `export_failed` when it did not take them.',
    labels: ['reason'],
  });
  return {
    exported: (count) => exported.inc(count),
    dropped: (reason, count) => dropped.inc({ reason }, count),
    trouble: (reason) => {
      if (reason === null) logger.log('the collector takes traces again');
      else
        logger.warn({ reason }, 'the collector does not take traces; spans are lost and counted on /metrics');
    },
  };
}

/** Where traces begin, and where they are sent. */
@Global()
@Module({
  providers: [{ provide: Tracing, inject: [AppConfig, Metrics], useFactory: openTracing }],
  exports: [Tracing],
})
export class ObservabilityModule {}
