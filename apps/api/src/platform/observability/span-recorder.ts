import { hostname } from 'node:os';
import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Settings } from '../config/config.schema.js';
import { version } from '../version.js';
import { names } from './attributes.js';
import { countingMeters, otlpExporter, type ExportReports } from './otlp-exporter.js';
import type { Attributes, OpenSpan, SpanRecorder, SpanSpec } from './span.js';
import { newSpanId, newTraceId, type TraceContext } from './trace-context.js';

/*
 * The only file, with the exporter beside it, that loads OpenTelemetry; it is itself loaded only where traces are
 * exported. Nothing is registered globally: a process may hold several engines.
 */

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Makes spans with OpenTelemetry's SDK and sends them to a collector in batches, in the background. */
export function openRecorder(settings: Settings, url: string, reports: ExportReports): SpanRecorder {
  const ids = new PlannedIds();
  const exporter = otlpExporter(settings, url, reports);
  const provider = new TracerProvider({
    resource: resourceOf(settings),
    sampler: samplerOf(settings),
    idGenerator: ids,
    // What somebody writes in a label must not make spans endless.
    spanLimits: { attributeValueLengthLimit: 2000, linkCountLimit: 128 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
        maxQueueSize: settings.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: Math.min(
          settings.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
          settings.OTEL_BSP_MAX_QUEUE_SIZE,
        ),
        exportTimeoutMillis: settings.OTEL_EXPORTER_OTLP_TIMEOUT + 1000,
        selfObsMeterProvider: countingMeters((count) => reports.dropped('queue_full', count)),
      }),
    ],
  });
  const tracer = provider.getTracer('aiops', version);
  return {
    start: (spec, parent) => startSpan(tracer, ids, spec, parent),
    close: async (withinMs) => {
      const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

/** Ids that were decided before the span was made: the trace id of the request, the id that was promised to others. */
class PlannedIds implements IdGenerator {
  traceId: string | undefined;
  spanId: string | undefined;
  generateTraceId(): string {
    return this.traceId ?? newTraceId();
  }
  generateSpanId(): string {
    return this.spanId ?? newSpanId();
  }
}

function startSpan(tracer: Tracer, ids: PlannedIds, spec: SpanSpec, parent: TraceContext): OpenSpan {
  // The SDK asks for ids while it makes the span, and at no other time.
  ids.traceId = parent.traceId;
  ids.spanId = spec.spanId;
  const span = tracer.startSpan(
    spec.name,
    {
      kind: kinds[spec.kind ?? 'internal'],
      attributes: spec.attributes,
      startTime: spec.start,
      links: spec.links?.flatMap((link) => {
        const context = toSpanContext(link);
        return context === null ? [] : [{ context }];
      }),
    },
    contextOf(parent),
  );
  return new RecordedSpan(span, parent.state);
}

class RecordedSpan implements OpenSpan {
  readonly context: TraceContext & { spanId: string };
  private ended = false;

  constructor(
    private readonly span: Span,
    state: string | null,
  ) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.context = { traceId, spanId, flags: traceFlags, state };
  }

  set(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.span.setAttribute(name, value);
    }
  }

  fail(type: string): void {
    this.span.setAttribute(names.errorType, type);
    this.span.setStatus({ code: SpanStatusCode.ERROR });
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  end(at?: Date): void {
    if (this.ended) return;
    this.ended = true;
    this.span.end(at);
  }
}

function contextOf(parent: TraceContext): Context {
  const context = toSpanContext(parent);
  return context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context);
}

function toSpanContext({ traceId, spanId, flags, state }: TraceContext): SpanContext | null {
  if (spanId === null) return null;
  const traceState = state === null ? undefined : createTraceState(state);
  return { traceId, spanId, traceFlags: flags & TraceFlags.SAMPLED, ...(traceState && { traceState }) };
}

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: share }: Settings): Sampler {
  const plain = name.replace('parentbased_', '');
  const root =
    plain === 'always_on'
      ? new AlwaysOnSampler()
      : plain === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(share);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function resourceOf(settings: Settings) {
  const given = settings.OTEL_RESOURCE_ATTRIBUTES;
  return defaultResource().merge(
    resourceFromAttributes({
      [names.environment]: settings.APP_ENV,
      [names.host]: hostname(),
      [names.instance]: `${hostname()}:${process.pid}`,
      'aiops.role': settings.AIOPS_ROLE,
      ...given,
      [ATTR_SERVICE_NAME]: settings.OTEL_SERVICE_NAME ?? given[ATTR_SERVICE_NAME] ?? 'aiops',
      [ATTR_SERVICE_VERSION]: version,
    }),
  );
}
