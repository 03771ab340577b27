import { createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { CompressionAlgorithm, OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/config.schema.js';

/** What becomes of spans on their way out. */
export interface ExportReports {
  exported(count: number): void;
  dropped(reason: 'queue_full' | 'export_failed', count: number): void;
  /** The collector cannot be reached or refuses; null when it takes spans again. */
  trouble(reason: string | null): void;
}

/** Sends spans by OTLP over HTTP, each batch for at most its time; whatever goes wrong is reported and never thrown. */
export function otlpExporter(settings: Settings, url: string, reports: ExportReports): SpanExporter {
  const wire = new OTLPExporterBase<ReadableSpan[]>(delegate(settings, url));
  let inTrouble = false;
  return {
    export: (spans, tell) => {
      wire.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed) reports.dropped('export_failed', spans.length);
        else reports.exported(spans.length);
        // Once when it begins and once when it is over: a dead collector must not fill the log.
        if (failed !== inTrouble)
          reports.trouble(failed ? (result.error?.message ?? 'it was refused') : null);
        inTrouble = failed;
        // Nothing that the SDK could do about it, and it would only say so once more.
        tell({ code: ExportResultCode.SUCCESS });
      });
    },
    forceFlush: () => wire.forceFlush(),
    shutdown: () => wire.shutdown(),
  };
}

function delegate(settings: Settings, url: string) {
  const json = settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json';
  const options = convertLegacyHttpOptions(
    {
      url,
      headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
      timeoutMillis: settings.OTEL_EXPORTER_OTLP_TIMEOUT,
      compression:
        settings.OTEL_EXPORTER_OTLP_COMPRESSION === 'gzip'
          ? CompressionAlgorithm.GZIP
          : CompressionAlgorithm.NONE,
    },
    'TRACES',
    'v1/traces',
    { 'Content-Type': json ? 'application/json' : 'application/x-protobuf' },
  );
  const serializer = json ? JsonTraceSerializer : ProtobufTraceSerializer;
  return createOtlpHttpExportDelegate(
    options,
    serializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
}

/** The way in which the SDK's batch processor tells what it drops: as metrics of OpenTelemetry. */
export function countingMeters(dropped: (count: number) => void): MeterProvider {
  const nothing = createNoopMeter();
  const createCounter: Meter['createCounter'] = (name, options) => {
    if (name !== 'otel.sdk.processor.span.processed') return nothing.createCounter(name, options);
    return {
      add: (count, attributes) => {
        if (attributes?.['error.type'] === 'queue_full') dropped(count);
      },
    };
  };
  // A meter of its own: the one that does nothing is shared by everybody.
  const meter = Object.assign(Object.create(nothing) as Meter, { createCounter });
  return { getMeter: () => meter };
}
