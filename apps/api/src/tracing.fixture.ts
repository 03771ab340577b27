import type { ChannelDto, ExecutionDto, PageDto, RuleDto } from '@aiops/contracts';
import {
  startHttpReceiver,
  startLlmServer,
  startOtlpReceiver,
  until,
  type HttpReceiver,
  type LlmServer,
  type OtlpReceiver,
  type ReceivedSpan,
} from '@aiops/testing';
import { runbookClient, startHost, yamlOf, type Host } from './runbook/execution/execution.fixture.js';
import type { TestEngine } from './testing/test-engine.js';

type Api = TestEngine['api'];

export const SECRET = 'hush-hush-0123';
export const apiKey = 'sk-test-0123456789abcdef';

/** What the model answers. */
export const diagnosis = {
  summary: 'The shop is down.',
  impact: 'Nobody can pay.',
  root_cause: 'It was restarted.',
  evidence: ['The alert says so.'],
  recommended_runbook: null,
  recommendation_reason: null,
  confidence: 0.8,
};

/** Where spans go to in tests: soon, so that nobody waits. */
export const exporting = (collector: OtlpReceiver): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_BSP_SCHEDULE_DELAY: '20',
});

/** The world around an engine, each part over its real protocol. */
export interface World {
  collector: OtlpReceiver;
  hooks: HttpReceiver;
  model: LlmServer;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const collector = await startOtlpReceiver();
  const hooks = await startHttpReceiver();
  const model = await startLlmServer(diagnosis);
  return {
    collector,
    hooks,
    model,
    stop: async () => {
      for (const part of [collector, hooks, model]) await part.stop();
    },
  };
}

/** Sets an engine up to mend an alert of this name by itself, or after approval, and to tell a webhook. */
export async function prepare(
  api: Api,
  world: World,
  alertname: string,
  action: RuleDto['action'] = 'auto',
): Promise<{ host: Host }> {
  const host = await startHost(api);
  const sections = `steps:
  - { name: Mend, command: 'echo ${SECRET} >> ${host.path('mended')}' }
  - { name: Tell the balancer, http: { method: POST, url: '${world.hooks.url}/pool?token=${SECRET}' } }
verify:
  - { name: Look, command: 'cat ${host.path('mended')}', expected_output: '${SECRET}' }`;
  const runbook = await runbookClient(api).create(yamlOf(host.target, sections));
  const matchers = [{ name: 'alertname', op: '=', value: alertname }];
  await made(api, '/rules', { name: alertname, matchers, action, runbook_id: runbook.id });
  const config = { kind: 'webhook', url: `${world.hooks.url}/notify` };
  const channel = await made<ChannelDto>(api, '/notification-channels', {
    name: `hook ${alertname}`,
    config,
  });
  await made(api, '/notification-policies', {
    name: `policy ${alertname}`,
    events: ['execution.succeeded'],
    channel_ids: [channel.id],
  });
  return { host };
}

export async function addModel(api: Api, model: LlmServer): Promise<void> {
  await made(api, '/llm-providers', {
    name: 'primary',
    kind: 'openai_compatible',
    model: 'qwen3',
    base_url: `${model.url}/v1`,
    api_key: apiKey,
  });
}

async function made<T>(api: Api, path: string, body: object): Promise<T> {
  const answer = await api<T>('POST', path, { body });
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const sendAlert = (api: Api, alertname: string, headers: Record<string, string>) =>
  api('POST', '/ingest/prometheus/api/v2/alerts', {
    headers,
    body: [{ labels: { alertname, severity: 'high' } }],
  });

export const executionsOf = async (api: Api, alertname: string) => {
  const executions = await api<PageDto<ExecutionDto>>('GET', '/executions?page_size=50');
  const alerts = await api<PageDto<{ id: string }>>('GET', `/alerts?alert_name=${alertname}`);
  const ids = new Set(alerts.body.data.map(({ id }) => id));
  return executions.body.data.filter(({ alert_id }) => alert_id !== null && ids.has(alert_id));
};

/** The spans of a trace once `holds` says that they are all there. */
export const spansOf = (
  { spans }: OtlpReceiver,
  traceId: string,
  description: string,
  holds: (spans: ReceivedSpan[]) => boolean,
): Promise<ReceivedSpan[]> =>
  until(
    () => {
      const own = spans.filter((span) => span.traceId === traceId);
      if (holds(own)) return own;
      throw new Error(
        own.map(({ name, spanId, parentSpanId }) => `${parentSpanId} › ${spanId} ${name}`).join('\n'),
      );
    },
    { description, timeoutMs: 45_000 },
  );

/** Names from a span up to the first of the trace that is known. */
export function pathOf(spans: ReceivedSpan[], span: ReceivedSpan): string[] {
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return above === undefined ? [span.name] : [span.name, ...pathOf(spans, above)];
}
