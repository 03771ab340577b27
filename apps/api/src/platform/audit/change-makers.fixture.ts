import { newId } from '../clock.js';
import type { TestEngine } from '../../testing/test-engine.js';

/** An engine and its database, for what no route makes. */
export interface World {
  api: TestEngine['api'];
  sql(text: string, values?: unknown[]): Promise<unknown>;
}

let count = 0;
export const unique = (what: string): string => `${what}-${++count}`;

export const target = () => ({
  name: unique('host'),
  kind: 'ssh',
  host: '127.0.0.1',
  port: 1,
  username: 'ops',
});
export const credential = () => ({ name: unique('token'), kind: 'token', secret: 'not-to-be-seen' });
export const rule = () => ({
  name: unique('rule'),
  matchers: [{ name: 'alertname', op: '=', value: 'Nothing' }],
  action: 'observe',
});
export const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB';
export const knownHost = () => ({
  kind: 'certificate_authority',
  hosts: `*.${unique('zone')}`,
  public_key: publicKey,
});
export const provider = () => ({
  name: unique('model'),
  kind: 'openai_compatible',
  model: 'small',
  base_url: 'http://127.0.0.1:1/v1',
  api_key: 'not-to-be-seen',
});
export const channel = () => ({
  name: unique('hook'),
  config: { kind: 'webhook', url: 'http://127.0.0.1:1/', signing_secret: 'not-to-be-seen-at-all' },
});
export const user = () => ({ username: unique('user'), role: 'viewer', password: 'not to be seen' });
export const invitation = () => ({ username: unique('guest'), role: 'viewer' });
export const flag = () => ({ key: `test.${unique('flag')}` });
export const apiKey = () => ({ name: unique('key') });
export const runbook = (targetName: string, more = ''): { yaml: string } => ({
  yaml: `name: ${unique('runbook')}\ntargets: { names: ["${targetName}"] }\n${more}steps: [{ name: Act, command: "true" }]\n`,
});

type Api = TestEngine['api'];
export async function made(api: Api, path: string, body: object): Promise<string> {
  const { status, body: answer } = await api<{ id: string }>('POST', path, { body });
  if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
  return answer.id;
}

export async function madePolicy(
  api: Api,
): Promise<{ name: string; events: string[]; channel_ids: string[] }> {
  const id = await made(api, '/notification-channels', channel());
  return { name: unique('policy'), events: ['alert.fired'], channel_ids: [id] };
}

export async function madeRunbook(api: Api, more = ''): Promise<string> {
  const host = target();
  await made(api, '/targets', host);
  return made(api, '/runbooks', runbook(host.name, more));
}

/** One that waits for approval. */
export async function askedExecution({ api }: World): Promise<string> {
  const id = await madeRunbook(api, 'safety: { approval: required }\n');
  const { body } = await api<{ id: string }>('POST', `/runbooks/${id}/execute`, { body: {} });
  return body.id;
}

export async function stuckExecution(world: World): Promise<string> {
  const id = await askedExecution(world);
  await world.sql(`UPDATE executions SET status = 'needs_attention' WHERE id = $1`, [id]);
  return id;
}

export async function alert({ api, sql }: World): Promise<string> {
  const name = unique('Alert');
  await api('POST', '/ingest/generic/test', { body: { alert_name: name, severity: 'warning' } });
  const rows = (await sql('SELECT id FROM alerts WHERE alert_name = $1', [name])) as { id: string }[];
  return rows[0]?.id ?? '';
}

export async function failedOperation({ sql }: World): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO failed_operations (id, operation, payload, error, attempts, status, failed_at)
     VALUES ($1, 'remediation.recheck', json_build_object('alert_id', $2::text), 'too bad', 3, 'failed', now())`,
    [id, id],
  );
  return id;
}

export async function hostKey({ api, sql }: World, status = 'pending'): Promise<string> {
  const targetId = await made(api, '/targets', target());
  const id = newId();
  await sql(
    `INSERT INTO host_keys (id, target_id, algorithm, fingerprint, status, origin, first_seen_at, last_seen_at, created_at)
     VALUES ($1, $2, 'ssh-ed25519', $3, $4, 'seen', now(), now(), now())`,
    [id, targetId, `SHA256:${id}`, status],
  );
  return `/targets/${targetId}/host-keys/${id}`;
}

/** Somebody with a session of their own. */
export async function signedIn({ api }: World): Promise<{ id: string; token: string; credentials: object }> {
  const { role, ...credentials } = user();
  const id = await made(api, '/users', { role, ...credentials });
  const { body } = await api<{ access_token: string }>('POST', '/auth/login', {
    token: null,
    body: credentials,
  });
  return { id, token: body.access_token, credentials };
}

/** An invitation, and what its link carries. */
export async function invited({ api }: World): Promise<{ id: string; token: string }> {
  const { body } = await api<{ id: string; link: string }>('POST', '/invitations', { body: invitation() });
  return { id: body.id, token: body.link.split('#')[1] ?? '' };
}
