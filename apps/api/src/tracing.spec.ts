import { randomBytes } from 'node:crypto';
import { sshdAvailable, until, type ReceivedSpan } from '@aiops/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runbookClient } from './runbook/execution/execution.fixture.js';
import { startEngineProcess, type EngineProcess } from './testing/engine-process.js';
import { apiClient, migratedDatabase, startTestEngine, type TestEngine } from './testing/test-engine.js';
import {
  addModel,
  apiKey,
  diagnosis,
  executionsOf,
  exporting,
  pathOf,
  prepare,
  SECRET,
  sendAlert,
  spansOf,
  startWorld,
  type World,
} from './tracing.fixture.js';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** A caller that traces: its trace, and the span in which it calls. */
function caller(sampled = true) {
  const traceId = hex(16);
  const spanId = hex(8);
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-0${sampled ? 1 : 0}` } };
}

const named = (spans: ReceivedSpan[], name: string): ReceivedSpan[] =>
  spans.filter((span) => span.name === name);
const one = (spans: ReceivedSpan[], name: string): ReceivedSpan => {
  const [first, ...more] = named(spans, name);
  if (first === undefined || more.length > 0) {
    throw new Error(
      `${more.length + (first === undefined ? 0 : 1)} of ${name} in ${spans.map((span) => span.name).join(', ')}`,
    );
  }
  return first;
};
const has =
  (...names: string[]) =>
  (spans: ReceivedSpan[]) =>
    names.every((name) => named(spans, name).length > 0);

/**
 * Whether everything is there and hangs together: each span comes after another one of the trace, or after the caller. A
 * span that lasts longer comes later than what is below it.
 */
const whole =
  (callerSpan: string, ...names: string[]) =>
  (spans: ReceivedSpan[]) => {
    const known = new Set([callerSpan, ...spans.map(({ spanId }) => spanId)]);
    return has(...names)(spans) && spans.every(({ parentSpanId }) => known.has(parentSpanId));
  };

/** Whether a span leads back to the delivery of the alert. */
const beginsAt = (spans: ReceivedSpan[], span: ReceivedSpan): boolean =>
  pathOf(spans, span).at(-1)?.startsWith('POST /api/v1/ingest/') ?? false;

/** No span came twice, and none ended before it began. */
function expectSound(spans: ReceivedSpan[]): void {
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  for (const { startNano, endNano } of spans) expect(endNano).toBeGreaterThanOrEqual(startNano);
}

describe.runIf(sshdAvailable())('one trace from the alert to the verified fix (R3.2)', () => {
  let world: World;
  let engine: TestEngine;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await startWorld();
    engine = await startTestEngine(exporting(world.collector));
    await addModel(engine.api, world.model);
  });
  afterAll(async () => {
    await engine.stop();
    for (const stop of stops) await stop();
    await world.stop();
  });
  const mended = async (alertname: string, action?: 'auto' | 'approve') => {
    const { host } = await prepare(engine.api, world, alertname, action);
    stops.push(() => host.stop());
  };

  it('spans HTTP, PostgreSQL, jobs, the decision, SSH, an HTTP step, the model and the notification', async () => {
    await mended('TraceAll');
    const { traceId, spanId, headers } = caller();
    const answer = await sendAlert(engine.api, 'TraceAll', { ...headers, tracestate: 'vendor=abc' });
    expect([answer.status, answer.headers.get('x-trace-id')]).toEqual([200, traceId]);
    const all = whole(spanId, 'execution', 'execution verification', 'notify webhook', 'chat qwen3');
    const spans = await spansOf(world.collector, traceId, 'the whole trace', all);
    expectSound(spans);

    const ingest = spans.find((span) => span.parentSpanId === spanId);
    expect(ingest).toMatchObject({
      kind: 2,
      traceState: 'vendor=abc',
      attributes: { 'http.request.method': 'POST', 'http.response.status_code': 200 },
      resource: { 'service.name': 'aiops', 'telemetry.sdk.language': 'nodejs' },
    });
    expect(ingest?.name).toMatch(/^POST \/api\/v1\/ingest\//);
    const execution = one(spans, 'execution');
    expect(execution.attributes).toMatchObject({ 'aiops.execution.status': 'succeeded' });
    const wanted = [
      'remediation decide',
      'process event.alert.changed.v1.remediation.decide',
      'send event.alert.changed.v1.remediation.decide',
      'ingest commit',
      ingest?.name,
    ];
    expect(pathOf(spans, execution)).toEqual(['execution', ...wanted]);
    for (const name of ['ssh connect', 'ssh exec']) {
      const [span] = named(spans, name);
      expect(span?.kind).toBe(3);
      expect(pathOf(spans, span as ReceivedSpan).slice(1, 3)).toEqual(['step command', 'execution']);
      expect(span?.attributes).toMatchObject({ 'server.address': '127.0.0.1' });
    }
    expect(named(spans, 'ssh exec').map(({ attributes }) => attributes['process.exit.code'])).toEqual([0, 0]);
    const requests = named(spans, 'POST').map((span) => pathOf(spans, span)[1]);
    expect(requests.toSorted()).toEqual(['chat qwen3', 'notify webhook', 'step http']);
    expect(one(spans, 'chat qwen3').attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'qwen3',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 10,
    });
    const commit = named(spans, 'COMMIT').map((span) => pathOf(spans, span)[1]);
    expect(commit).toContain('ingest commit');
    const insert = named(spans, 'INSERT alerts')[0];
    expect(insert?.attributes).toMatchObject({ 'db.system.name': 'postgresql' });
    expect(insert?.attributes['db.query.text']).toContain('alerts');
  });

  it('goes on at the services that are called, each below the span that calls it', async () => {
    const { traceId, headers } = caller();
    await mended('TraceTold');
    await sendAlert(engine.api, 'TraceTold', headers);
    const requestsOfTrace = () =>
      [...world.hooks.requests, ...world.model.requests]
        .map(({ path, headers: sent }) => ({ path, parts: String(sent['traceparent']).split('-') }))
        .filter(({ parts }) => parts[1] === traceId);
    // More than one message is sent, and the span of the last may come some time after its request.
    const allSpans = (spans: ReceivedSpan[]): boolean =>
      has('notify webhook', 'chat qwen3')(spans) &&
      requestsOfTrace().every(({ parts }) => spans.some(({ spanId }) => spanId === parts[2]));
    const spans = await spansOf(world.collector, traceId, 'the spans of all requests', allSpans);
    const told = requestsOfTrace().filter(({ parts }) => spans.some(({ spanId }) => spanId === parts[2]));
    const places = new Set(told.map(({ path }) => path.split('?')[0]));
    expect([...places].toSorted()).toEqual(['/notify', '/pool', '/v1/chat/completions']);
    for (const { parts } of told) {
      expect(spans.find((span) => span.spanId === parts[2])?.name).toBe('POST');
    }
  });

  it('tells no command, output, prompt, key, query, value or words of an error', async () => {
    await mended('TraceBroken');
    world.hooks.answer(500);
    world.model.behave({ kind: 'text', text: `no JSON but ${SECRET}` });
    const { traceId, headers } = caller();
    await sendAlert(engine.api, 'TraceBroken', headers);
    const failedAt = (name: string, type: string) => (spans: ReceivedSpan[]) =>
      named(spans, name).some(({ attributes }) => attributes['error.type'] === type);
    const isBroken = (spans: ReceivedSpan[]): boolean =>
      failedAt('step http', 'failed')(spans) && failedAt('POST', '500')(spans) && has('chat qwen3')(spans);
    const spans = await spansOf(world.collector, traceId, 'the failures', isBroken);
    world.hooks.answer(200);
    world.model.behave({ kind: 'answer', value: diagnosis });
    expect(one(spans, 'chat qwen3').status).toEqual({ code: 2, message: '' });
    const everything = world.collector.requests.map(({ body }) => body.toString('utf8')).join('\n');
    const hidden = [SECRET, apiKey, engine.adminToken, 'fires', diagnosis.summary, 'refused by the test'];
    expect(hidden.filter((secret) => everything.includes(secret))).toEqual([]);
  });

  it('outlasts the wait for approval, and the person who approves is linked', async () => {
    await mended('TraceApproved', 'approve');
    const { traceId, spanId, headers } = caller();
    await sendAlert(engine.api, 'TraceApproved', headers);
    const waiting = await until(
      async () =>
        (await executionsOf(engine.api, 'TraceApproved')).find(
          ({ status }) => status === 'awaiting_approval',
        ),
      { description: 'the execution to wait' },
    );
    const person = caller();
    const path = `/executions/${waiting.id}/approve`;
    expect((await engine.api('POST', path, { body: {}, headers: person.headers })).status).toBe(200);
    const spans = await spansOf(
      world.collector,
      traceId,
      'the whole trace',
      whole(spanId, 'execution', 'notify webhook'),
    );
    expectSound(spans);
    const approval = one(spans, 'execution approval');
    expect(pathOf(spans, approval)[1]).toBe('execution');
    expect(approval.links.map((link) => link.traceId)).toEqual([person.traceId]);
  });

  it('is each alert’s own, also where many are committed and decided on together', async () => {
    const names = ['TraceCrowd1', 'TraceCrowd2', 'TraceCrowd3'];
    for (const name of names) await mended(name);
    const callers = names.map((name) => ({ name, ...caller() }));
    await Promise.all(callers.map(({ name, headers }) => sendAlert(engine.api, name, headers)));
    for (const { traceId } of callers) {
      const spans = await spansOf(
        world.collector,
        traceId,
        'the execution',
        has('execution', 'notify webhook'),
      );
      expect(named(spans, 'execution')).toHaveLength(1);
      expect(named(spans, 'ssh exec').length).toBeGreaterThan(0);
    }
  });

  it('is recorded or not as the caller decided', async () => {
    await mended('TraceUnsampled');
    const quiet = caller(false);
    await sendAlert(engine.api, 'TraceUnsampled', quiet.headers);
    await until(
      async () =>
        (await executionsOf(engine.api, 'TraceUnsampled')).some(({ status }) => status === 'succeeded'),
      { description: 'the fix', timeoutMs: 30_000 },
    );
    const loud = caller();
    await engine.api('GET', '/alerts', { headers: loud.headers });
    await spansOf(world.collector, loud.traceId, 'a later span', (spans) => spans.length > 0);
    expect(world.collector.spans.filter(({ traceId }) => traceId === quiet.traceId)).toEqual([]);
  });

  it('begins here where no caller traces, with the id that the answer tells', async () => {
    const { headers } = await engine.api('GET', '/alerts');
    const traceId = headers.get('x-trace-id') ?? '';
    const spans = await spansOf(world.collector, traceId, 'the request', has('GET /api/v1/alerts'));
    expect(one(spans, 'GET /api/v1/alerts').parentSpanId).toBe('');
    const own = hex(16);
    await engine.api('GET', '/rules', { headers: { 'X-Trace-ID': own } });
    expect(
      (await spansOf(world.collector, own, 'the request', has('GET /api/v1/rules'))).length,
    ).toBeGreaterThan(1);
  });

  it('has nothing of probes, scrapes and looks into queues', async () => {
    const before = caller();
    for (const path of ['/health/live', '/metrics'])
      await fetch(`${engine.url}${path}`, { headers: before.headers });
    const after = caller();
    await engine.api('GET', '/rules', { headers: after.headers });
    await spansOf(world.collector, after.traceId, 'a later span', (spans) => spans.length > 0);
    expect(world.collector.spans.filter(({ traceId }) => traceId === before.traceId)).toEqual([]);
    const firsts = world.collector.spans.filter(({ parentSpanId }) => parentSpanId === '');
    const kinds = new Set(firsts.map(({ name }) => name.split(' ')[0]));
    expect(
      [...kinds].filter((kind) => !['GET', 'POST', 'PUT', 'process', 'ingest'].includes(kind ?? '')),
    ).toEqual([]);
  });
});

describe.runIf(sshdAvailable())('one trace over several processes', () => {
  let world: World;
  let database: { url: string; drop(): Promise<void> };
  const processes: EngineProcess[] = [];
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await startWorld();
    database = await migratedDatabase();
  });
  afterEach(async () => {
    for (const engine of processes.splice(0)) await engine.kill();
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await database.drop();
    await world.stop();
  });

  it('survives that the worker is killed while it waits for approval', async () => {
    const env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PASSWORD: 'correct horse battery',
      DATABASE_URL: database.url,
      JWT_SECRETS: `test:${hex(32)}`,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      OUTBOUND_ALLOWED: '127.0.0.0/8',
      ...exporting(world.collector),
    };
    const start = async (role: string) => {
      const engine = await startEngineProcess({ ...env, AIOPS_ROLE: role });
      processes.push(engine);
      return engine;
    };
    const [front, worker] = await Promise.all([start('api'), start('worker')]);
    let token = '';
    const api = apiClient(front.url, () => token);
    const login = await api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username: 'admin', password: env.ADMIN_PASSWORD },
    });
    token = login.body.access_token;
    const { host } = await prepare(api, world, 'TraceFar', 'approve');
    stops.push(() => host.stop());
    const { traceId, spanId, headers } = caller();
    await sendAlert(api, 'TraceFar', headers);
    const waiting = await until(
      async () => (await executionsOf(api, 'TraceFar')).find(({ status }) => status === 'awaiting_approval'),
      { description: 'the execution to wait', timeoutMs: 30_000 },
    );
    await spansOf(world.collector, traceId, 'the decision', whole(spanId, 'remediation decide'));
    await worker.kill();
    await start('worker');
    await api('POST', `/executions/${waiting.id}/approve`, { body: {} });
    await runbookClient(api).untilStatus(waiting.id, 'succeeded');
    // What the killed process was just doing is lost with it; the rest hangs together.
    const lasting = ['execution', 'execution approval', 'step command', 'ssh exec', 'notify webhook'];
    const spans = await spansOf(world.collector, traceId, 'the trace', (all) =>
      lasting.every((name) => has(name)(all) && named(all, name).every((span) => beginsAt(all, span))),
    );
    expectSound(spans);
    const roles = new Set(spans.map(({ resource }) => resource['aiops.role']));
    expect([...roles].toSorted()).toEqual(['api', 'worker']);
    const instances = new Set(spans.map(({ resource }) => resource['service.instance.id']));
    expect(instances.size).toBe(3);
  }, 150_000);
});
