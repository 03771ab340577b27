import { startOtlpReceiver, until, type OtlpReceiver } from '@aiops/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function collect(): Promise<OtlpReceiver> {
  const collector = await startOtlpReceiver();
  running.push(collector);
  return collector;
}
async function engineWith(settings: Record<string, string>): Promise<TestEngine> {
  const engine = await startTestEngine({ OTEL_BSP_SCHEDULE_DELAY: '10', LOG_LEVEL: 'silent', ...settings });
  running.push(engine);
  return engine;
}
const metric = async ({ url }: TestEngine, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.split(' ').at(-1));
};

describe('export of traces', () => {
  it('sends what the standard variables say, to where they say', async () => {
    const collector = await collect();
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20b,x-team=ops',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'shop-aiops',
      OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop,service.name=not-this',
    });
    await engine.api('GET', '/alerts');
    await until(() => collector.spans.length > 0, { description: 'spans' });
    expect(collector.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-token': 'a b', 'x-team': 'ops', 'content-encoding': 'gzip' },
    });
    expect(collector.spans[0]?.resource).toMatchObject({
      'service.name': 'shop-aiops',
      'service.namespace': 'shop',
      'deployment.environment.name': 'test',
    });
    await until(async () => (await metric(engine, 'aiops_trace_spans_exported_total')) > 0, {
      description: 'the count of spans',
    });
  });

  it('speaks protobuf too, to an address of its own', async () => {
    const collector = await collect();
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/otlp`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    });
    await engine.api('GET', '/alerts');
    const [first] = await until(() => collector.requests.length > 0 && collector.requests, {
      description: 'spans',
    });
    expect(first).toMatchObject({ path: '/otlp', headers: { 'content-type': 'application/x-protobuf' } });
    await until(() => collector.requests.some(({ body }) => body.includes('GET /api/v1/alerts')), {
      description: 'the name of the span',
    });
  });

  it('follows the sampler where no caller has decided', async () => {
    const collector = await collect();
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await engine.api('GET', '/alerts');
    const trace = 'a'.repeat(32);
    await engine.api('GET', '/alerts', { headers: { traceparent: `00-${trace}-${'b'.repeat(16)}-01` } });
    await until(() => collector.spans.length > 0, { description: 'the trace that the caller wants' });
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([trace]));
  });

  it.each([
    ['is away', (collector: OtlpReceiver) => collector.stop()],
    ['refuses', (collector: OtlpReceiver) => Promise.resolve(collector.answer(400))],
  ])('costs nothing but spans when the collector %s: they are counted', async (_what, fail) => {
    const collector = await startOtlpReceiver();
    await fail(collector);
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
    });
    for (let count = 0; count < 20; count++) expect((await engine.api('GET', '/alerts')).status).toBe(200);
    await until(
      async () => (await metric(engine, 'aiops_trace_spans_dropped_total{reason="export_failed"}')) > 0,
      { description: 'the count of lost spans' },
    );
    await collector.stop().catch(() => undefined);
  });

  it('holds a bounded number of spans while the collector hangs, and stops all the same', async () => {
    const collector = await collect();
    collector.answer('hang');
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_MAX_QUEUE_SIZE: '8',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
    });
    for (let count = 0; count < 20; count++) expect((await engine.api('GET', '/alerts')).status).toBe(200);
    await until(
      async () => (await metric(engine, 'aiops_trace_spans_dropped_total{reason="queue_full"}')) > 0,
      { description: 'the count of dropped spans' },
    );
  });

  it('is off without an address, and when it is switched off', async () => {
    const collector = await collect();
    const engine = await engineWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SDK_DISABLED: 'true',
    });
    await engine.api('GET', '/alerts');
    expect(engine.config.tracesUrl).toBeNull();
    expect(collector.requests).toEqual([]);
  });
});
