import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as a collector gets it, with its attributes and those of where it comes from as plain values. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentSpanId: string;
  name: string;
  /** `SpanKind` of OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceState: string;
  startNano: bigint;
  endNano: bigint;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  /** 2 is an error. */
  status: { code: number; message: string };
}

/** A collector of traces over real HTTP, for OTLP in JSON; requests in protobuf are kept as they come. */
export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string;
  spans: ReceivedSpan[];
  requests: { path: string; headers: IncomingMessage['headers']; body: Buffer }[];
  /** Status of the next answers; `hang` never answers. */
  answer(status: number | 'hang'): void;
  stop(): Promise<void>;
}

/** Starts a collector on a free loopback port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  let answer: number | 'hang' = 200;
  const spans: ReceivedSpan[] = [];
  const requests: OtlpReceiver['requests'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      if (answer === 'hang') return;
      const isJson = request.headers['content-type'] === 'application/json';
      if (answer === 200 && isJson)
        spans.push(...readSpans(JSON.parse(body.toString('utf8')) as ExportRequest));
      response.writeHead(answer, { 'content-type': request.headers['content-type'] ?? 'text/plain' });
      response.end(isJson && answer === 200 ? '{}' : '');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answer: (next) => {
      answer = next;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto, in its JSON form. */
interface ExportRequest {
  resourceSpans?: { resource?: { attributes?: KeyValue[] }; scopeSpans?: { spans?: WireSpan[] }[] }[];
}
interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  traceState?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number; message?: string };
}

function readSpans(request: ExportRequest): ReceivedSpan[] {
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => readSpan(span, plain(resource?.attributes)))),
  );
}

function readSpan(span: WireSpan, resource: Record<string, unknown>): ReceivedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: span.kind,
    traceState: span.traceState ?? '',
    startNano: BigInt(span.startTimeUnixNano),
    endNano: BigInt(span.endTimeUnixNano),
    attributes: plain(span.attributes),
    resource,
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
  };
}

const plain = (attributes: KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));

/** Integers may come as text, since JSON has none of 64 bits. */
function plainValue(value: Record<string, unknown>): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? ['', null];
  if (kind === 'intValue') return Number(inner);
  if (kind !== 'arrayValue') return inner;
  return ((inner as { values?: Record<string, unknown>[] }).values ?? []).map(plainValue);
}
