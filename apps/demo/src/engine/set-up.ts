import type {
  ApiKeyDto,
  ChannelDto,
  CredentialDto,
  HostKeyDto,
  PolicyDto,
  RuleDto,
  RunbookDto,
  TargetDto,
  TargetTestResult,
} from '@aiops/contracts';
import type { DemoHost } from '../host/demo-host.js';
import type { Api } from './api.js';

export const HOST_NAME = 'demo-host';

/** Mends the shop. The service name comes from the alert and is quoted where it stands. */
export const runbookYaml = `name: restart-shop
description: Restart the demo shop when it stops answering, and prove that it answers again
category: service-recovery
tags: [demo, restart]

trigger:
  alert_name: ServiceDown
  labels: { service: shop }

parameters:
  - { name: service, type: string, required: true, from: "{{ labels.service }}", pattern: "^[a-z0-9-]+$" }

targets:
  from_label: instance

safety:
  approval: by_rule
  approval_expires: 30m
  cooldown: 0s
  max_per_hour: 60

steps:
  - name: Look at the shop
    command: "shopctl check"
    on_failure: continue
  - name: Restart the shop
    command: "echo Restarting {{ parameters.service }}; shopctl restart"
    timeout: 30s
    idempotent: true

rollback:
  - name: Start the shop again
    command: "shopctl start"

verify:
  - name: The shop answers
    command: "shopctl check"
    expected_output: open for business
    retries: { attempts: 10, delay: 500ms }
  - alert_resolved_within: 1m
`;

/** What the demo put into the engine. */
export interface Installed {
  ingestKey: string;
  runbookId: string;
}

/** Brings everything into the engine through its API; a second run finds it there and only mends what changed. */
export async function setUp(api: Api, host: DemoHost, notifyUrl: string): Promise<Installed> {
  await trustHost(api, await ensureTarget(api, host));
  const runbookId = await ensureRunbook(api);
  await ensureRule(api, runbookId);
  await ensureNotifications(api, notifyUrl);
  const key = await api.post<ApiKeyDto & { key: string }>('/api-keys', {
    name: `demo monitor ${new Date().toISOString()}`,
    scopes: ['ingest'],
  });
  return { ingestKey: key.key, runbookId };
}

async function ensureTarget(api: Api, host: DemoHost): Promise<string> {
  const known = (await api.list<CredentialDto>('/credentials?page_size=200')).find(
    (item) => item.name === 'demo-key',
  );
  const credential =
    known ??
    (await api.post<CredentialDto>('/credentials', {
      name: 'demo-key',
      kind: 'ssh_key',
      secret: host.privateKey,
    }));
  const wanted = {
    name: HOST_NAME,
    kind: 'ssh',
    host: '127.0.0.1',
    port: host.port,
    username: host.username,
    labels: { role: 'demo' },
    credential_id: credential.id,
  };
  const present = (await api.list<TargetDto>('/targets?page_size=200')).find(
    (item) => item.name === HOST_NAME,
  );
  if (present === undefined) return (await api.post<TargetDto>('/targets', wanted)).id;
  return (await api.put<TargetDto>(`/targets/${present.id}`, wanted)).id;
}

/** The demo plays the person who compares the fingerprint and accepts the key. */
async function trustHost(api: Api, targetId: string): Promise<void> {
  await api.post<TargetTestResult>(`/targets/${targetId}/test`);
  for (const key of await api.list<HostKeyDto>(`/targets/${targetId}/host-keys`)) {
    if (key.status === 'pending') await api.post(`/targets/${targetId}/host-keys/${key.id}/accept`);
  }
  const { ok, stages } = await api.post<TargetTestResult>(`/targets/${targetId}/test`);
  if (!ok) throw new Error(`The demo host cannot be reached: ${stages.at(-1)?.message ?? ''}`);
}

async function ensureRunbook(api: Api): Promise<string> {
  const present = (await api.list<RunbookDto>('/runbooks?page_size=200')).find(
    (item) => item.name === 'restart-shop',
  );
  if (present === undefined) return (await api.post<RunbookDto>('/runbooks', { yaml: runbookYaml })).id;
  return (await api.put<RunbookDto>(`/runbooks/${present.id}`, { yaml: runbookYaml })).id;
}

async function ensureRule(api: Api, runbookId: string): Promise<void> {
  const name = 'Shop down: restart it';
  if ((await api.list<RuleDto>('/rules?page_size=200')).some((rule) => rule.name === name)) return;
  await api.post('/rules', {
    name,
    description: 'Ask for approval before the shop is restarted',
    priority: 10,
    matchers: [
      { name: 'alertname', op: '=', value: 'ServiceDown' },
      { name: 'service', op: '=', value: 'shop' },
    ],
    action: 'approve',
    runbook_id: runbookId,
  });
}

async function ensureNotifications(api: Api, url: string): Promise<void> {
  const config = { kind: 'slack', webhook_url: url };
  const present = (await api.list<ChannelDto>('/notification-channels?page_size=200')).find(
    (item) => item.name === 'demo-chat',
  );
  const body = { name: 'demo-chat', enabled: true, config };
  const channel =
    present === undefined
      ? await api.post<ChannelDto>('/notification-channels', body)
      : await api.put<ChannelDto>(`/notification-channels/${present.id}`, body);
  const name = 'Tell the demo chat';
  if (
    (await api.list<PolicyDto>('/notification-policies?page_size=200')).some((policy) => policy.name === name)
  )
    return;
  await api.post('/notification-policies', {
    name,
    severities: [],
    events: [
      'alert.fired',
      'alert.resolved',
      'execution.approval_requested',
      'execution.succeeded',
      'execution.failed',
    ],
    channel_ids: [channel.id],
  });
}
