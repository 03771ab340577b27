import { newId } from '../clock.js';
import type { TestEngine } from '../../testing/test-engine.js';

/** The call of a route that changes something; what it needs has been made before. */
export interface Change {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  token?: string | null;
}

export interface World {
  api: TestEngine['api'];
  sql(text: string, values?: unknown[]): Promise<unknown>;
}

/** Routes that people change nothing of the engine with. Keep it short: whatever else changes is audited. */
export const exceptions: Record<string, string> = {
  'POST /ingest/alertmanager': 'senders tell what happened; it is on the timeline of the alert',
  'POST /ingest/generic/{source}': 'as above',
  'POST /ingest/prometheus/api/v2/alerts': 'as above',
  'POST /known-hosts/preview': 'a question',
  'POST /rules/test': 'a question',
  'POST /runbooks/validate': 'a question',
};

let count = 0;
const unique = (what: string): string => `${what}-${++count}`;

const target = () => ({ name: unique('host'), kind: 'ssh', host: '127.0.0.1', port: 1, username: 'ops' });
const credential = () => ({ name: unique('token'), kind: 'token', secret: 'not-to-be-seen' });
const rule = () => ({
  name: unique('rule'),
  matchers: [{ name: 'alertname', op: '=', value: 'Nothing' }],
  action: 'observe',
});
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB';
const knownHost = () => ({
  kind: 'certificate_authority',
  hosts: `*.${unique('zone')}`,
  public_key: publicKey,
});
const provider = () => ({
  name: unique('model'),
  kind: 'openai_compatible',
  model: 'small',
  base_url: 'http://127.0.0.1:1/v1',
  api_key: 'not-to-be-seen',
});
const channel = () => ({
  name: unique('hook'),
  config: { kind: 'webhook', url: 'http://127.0.0.1:1/', signing_secret: 'not-to-be-seen-at-all' },
});
const user = () => ({ username: unique('user'), role: 'viewer', password: 'not to be seen' });
const flag = () => ({ key: `test.${unique('flag')}` });
const apiKey = () => ({ name: unique('key') });
const runbook = (targetName: string, more = ''): { yaml: string } => ({
  yaml: `name: ${unique('runbook')}\ntargets: { names: ["${targetName}"] }\n${more}steps: [{ name: Act, command: "true" }]\n`,
});

type Api = TestEngine['api'];
async function made(api: Api, path: string, body: object): Promise<string> {
  const { status, body: answer } = await api<{ id: string }>('POST', path, { body });
  if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
  return answer.id;
}

async function madePolicy(api: Api): Promise<{ name: string; events: string[]; channel_ids: string[] }> {
  const id = await made(api, '/notification-channels', channel());
  return { name: unique('policy'), events: ['alert.fired'], channel_ids: [id] };
}

async function madeRunbook(api: Api, more = ''): Promise<string> {
  const host = target();
  await made(api, '/targets', host);
  return made(api, '/runbooks', runbook(host.name, more));
}

/** One that waits for approval. */
async function askedExecution({ api }: World): Promise<string> {
  const id = await madeRunbook(api, 'safety: { approval: required }\n');
  const { body } = await api<{ id: string }>('POST', `/runbooks/${id}/execute`, { body: {} });
  return body.id;
}

async function stuckExecution(world: World): Promise<string> {
  const id = await askedExecution(world);
  await world.sql(`UPDATE executions SET status = 'needs_attention' WHERE id = $1`, [id]);
  return id;
}

async function alert({ api, sql }: World): Promise<string> {
  const name = unique('Alert');
  await api('POST', '/ingest/generic/test', { body: { alert_name: name, severity: 'warning' } });
  const rows = (await sql('SELECT id FROM alerts WHERE alert_name = $1', [name])) as { id: string }[];
  return rows[0]?.id ?? '';
}

async function failedOperation({ sql }: World): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO failed_operations (id, operation, payload, error, attempts, status, failed_at)
     VALUES ($1, 'remediation.recheck', json_build_object('alert_id', $2::text), 'too bad', 3, 'failed', now())`,
    [id, id],
  );
  return id;
}

async function hostKey({ api, sql }: World, status = 'pending'): Promise<string> {
  const targetId = await made(api, '/targets', target());
  const id = newId();
  await sql(
    `INSERT INTO host_keys (id, target_id, algorithm, fingerprint, status, origin, first_seen_at, last_seen_at, created_at)
     VALUES ($1, $2, 'ssh-ed25519', $3, $4, 'seen', now(), now(), now())`,
    [id, targetId, `SHA256:${id}`, status],
  );
  return `/targets/${targetId}/host-keys/${id}`;
}

/** For every route that changes something: how it is called so that it does. */
export const changes: Record<string, (world: World) => Promise<Change>> = {
  'POST /alerts/bulk/acknowledge': async (w) => ({
    path: '/alerts/bulk/acknowledge',
    body: { ids: [await alert(w)] },
  }),
  'POST /alerts/bulk/delete': async (w) => ({ path: '/alerts/bulk/delete', body: { ids: [await alert(w)] } }),
  'POST /alerts/bulk/resolve': async (w) => ({
    path: '/alerts/bulk/resolve',
    body: { ids: [await alert(w)] },
  }),
  'POST /alerts/{id}/acknowledge': async (w) => ({ path: `/alerts/${await alert(w)}/acknowledge` }),
  'POST /alerts/{id}/analyze': async (w) => ({ path: `/alerts/${await alert(w)}/analyze` }),
  'POST /alerts/{id}/resolve': async (w) => ({ path: `/alerts/${await alert(w)}/resolve` }),
  'POST /alerts/{id}/unacknowledge': async (w) => {
    const id = await alert(w);
    await w.api('POST', `/alerts/${id}/acknowledge`);
    return { path: `/alerts/${id}/unacknowledge` };
  },
  'POST /api-keys': () => Promise.resolve({ path: '/api-keys', body: apiKey() }),
  'PATCH /api-keys/{id}': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}`,
    body: { role: 'engineer' },
  }),
  'DELETE /api-keys/{id}': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}`,
  }),
  'POST /api-keys/{id}/rotate': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}/rotate`,
  }),
  'POST /auth/login': async ({ api }) => {
    const { username, password, ...rest } = user();
    await made(api, '/users', { username, password, ...rest });
    return { path: '/auth/login', body: { username, password }, token: null };
  },
  'POST /credentials': () => Promise.resolve({ path: '/credentials', body: credential() }),
  'PATCH /credentials/{id}': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}`,
    body: { secret: 'another-not-to-be-seen' },
  }),
  'DELETE /credentials/{id}': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}`,
  }),
  'POST /executions/bulk/cancel': async (w) => ({
    path: '/executions/bulk/cancel',
    body: { ids: [await askedExecution(w)] },
  }),
  'POST /executions/{id}/approve': async (w) => ({ path: `/executions/${await askedExecution(w)}/approve` }),
  'POST /executions/{id}/cancel': async (w) => ({ path: `/executions/${await askedExecution(w)}/cancel` }),
  'POST /executions/{id}/reject': async (w) => ({ path: `/executions/${await askedExecution(w)}/reject` }),
  'POST /executions/{id}/resume': async (w) => ({
    path: `/executions/${await stuckExecution(w)}/resume`,
    body: { decision: 'abort' },
  }),
  'POST /failed-operations/bulk/discard': async (w) => ({
    path: '/failed-operations/bulk/discard',
    body: { ids: [await failedOperation(w)] },
  }),
  'POST /failed-operations/bulk/retry': async (w) => ({
    path: '/failed-operations/bulk/retry',
    body: { ids: [await failedOperation(w)] },
  }),
  'POST /failed-operations/{id}/discard': async (w) => ({
    path: `/failed-operations/${await failedOperation(w)}/discard`,
  }),
  'POST /failed-operations/{id}/retry': async (w) => ({
    path: `/failed-operations/${await failedOperation(w)}/retry`,
  }),
  'POST /feature-flags': () => Promise.resolve({ path: '/feature-flags', body: flag() }),
  'PATCH /feature-flags/{key}': async ({ api }) => {
    const { key } = flag();
    await made(api, '/feature-flags', { key });
    return { path: `/feature-flags/${key}`, body: { enabled: true } };
  },
  'DELETE /feature-flags/{key}': async ({ api }) => {
    const { key } = flag();
    await made(api, '/feature-flags', { key });
    return { path: `/feature-flags/${key}` };
  },
  'PUT /ingest-mappings/{source}': () =>
    Promise.resolve({ path: `/ingest-mappings/${unique('source')}`, body: { alert_name: 'title' } }),
  'DELETE /ingest-mappings/{source}': async ({ api }) => {
    const path = `/ingest-mappings/${unique('source')}`;
    await api('PUT', path, { body: {} });
    return { path };
  },
  'POST /known-hosts': () => Promise.resolve({ path: '/known-hosts', body: knownHost() }),
  'POST /known-hosts/import': () => {
    const { hosts, public_key } = knownHost();
    return Promise.resolve({
      path: '/known-hosts/import',
      body: { content: `@cert-authority ${hosts} ${public_key}` },
    });
  },
  'DELETE /known-hosts/{id}': async ({ api }) => ({
    path: `/known-hosts/${await made(api, '/known-hosts', knownHost())}`,
  }),
  'POST /llm-providers': () => Promise.resolve({ path: '/llm-providers', body: provider() }),
  'PUT /llm-providers/{id}': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}`,
    body: provider(),
  }),
  'DELETE /llm-providers/{id}': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}`,
  }),
  'POST /llm-providers/{id}/test': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}/test`,
  }),
  'POST /notification-channels': () => Promise.resolve({ path: '/notification-channels', body: channel() }),
  'PUT /notification-channels/{id}': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}`,
    body: channel(),
  }),
  'DELETE /notification-channels/{id}': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}`,
  }),
  'POST /notification-channels/{id}/test': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}/test`,
  }),
  'POST /notification-policies': async ({ api }) => ({
    path: '/notification-policies',
    body: await madePolicy(api),
  }),
  'PUT /notification-policies/{id}': async ({ api }) => {
    const policy = await madePolicy(api);
    const id = await made(api, '/notification-policies', policy);
    return { path: `/notification-policies/${id}`, body: { ...policy, enabled: false } };
  },
  'DELETE /notification-policies/{id}': async ({ api }) => ({
    path: `/notification-policies/${await made(api, '/notification-policies', await madePolicy(api))}`,
  }),
  'POST /rules': () => Promise.resolve({ path: '/rules', body: rule() }),
  'PUT /rules/{id}': async ({ api }) => ({
    path: `/rules/${await made(api, '/rules', rule())}`,
    body: rule(),
  }),
  'DELETE /rules/{id}': async ({ api }) => ({ path: `/rules/${await made(api, '/rules', rule())}` }),
  'POST /runbooks': async ({ api }) => {
    const host = target();
    await made(api, '/targets', host);
    return { path: '/runbooks', body: runbook(host.name) };
  },
  'PUT /runbooks/{id}': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}`,
    body: runbook('any'),
  }),
  'DELETE /runbooks/{id}': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}` }),
  'PUT /runbooks/{id}/access': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}/access`,
    body: {
      risk: 'low',
      run: { role: 'responder', users: [] },
      approve: { role: 'responder', users: [] },
      self_approval: false,
    },
  }),
  'POST /runbooks/{id}/disable': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}/disable` }),
  'POST /runbooks/{id}/enable': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}/enable` }),
  'POST /runbooks/{id}/execute': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}/execute`,
    body: { dry_run: true },
  }),
  'POST /signing-keys/rotate': () => Promise.resolve({ path: '/signing-keys/rotate' }),
  // One that signed nothing: the test's own token is of an older one.
  'DELETE /signing-keys/{kid}': async ({ api }) => {
    const { body } = await api<{ kid: string }>('POST', '/signing-keys/rotate');
    return { path: `/signing-keys/${body.kid}` };
  },
  'POST /targets': () => Promise.resolve({ path: '/targets', body: target() }),
  'PUT /targets/{id}': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}`,
    body: target(),
  }),
  'DELETE /targets/{id}': async ({ api }) => ({ path: `/targets/${await made(api, '/targets', target())}` }),
  'POST /targets/{id}/host-keys': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}/host-keys`,
    body: { key: publicKey },
  }),
  'POST /targets/{id}/host-keys/{keyId}/accept': async (w) => ({ path: `${await hostKey(w)}/accept` }),
  'POST /targets/{id}/host-keys/{keyId}/revoke': async (w) => ({
    path: `${await hostKey(w, 'accepted')}/revoke`,
  }),
  'POST /targets/{id}/test': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}/test`,
  }),
  'POST /users': () => Promise.resolve({ path: '/users', body: user() }),
  'PATCH /users/{id}': async ({ api }) => ({
    path: `/users/${await made(api, '/users', user())}`,
    body: { role: 'engineer', password: 'still not to be seen' },
  }),
  'DELETE /users/{id}': async ({ api }) => ({ path: `/users/${await made(api, '/users', user())}` }),
};
