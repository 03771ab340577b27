import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { adminPassword, type TestEngine } from './test-engine.js';

/** A list with three entries has a first page, a middle one and a last. */
const three = ['one', 'two', 'three'] as const;

const runbookYaml = (name: string, command = 'systemctl status shop'): string =>
  `name: ${name}\ndescription: Starts the ${name} again\ncategory: linux\ntags: [demo]\nsteps:\n  - name: Restart\n    command: ${command}\n`;

/**
 * Three of everything that the API lists, made over the API, or in the tables where only work in the background makes them.
 * A new list needs its three here; the tests that walk through the API's document say so.
 */
export async function makeThreeOfEverything(engine: TestEngine): Promise<void> {
  await makePeople(engine);
  await makeFlows(engine);
  await makeAlerts(engine);
  await makeRuns(engine);
  await makeWhatJobsMake(engine.app.get(DataSource));
}

async function make<T = { id: string }>(engine: TestEngine, path: string, body: unknown): Promise<T> {
  const answer = await engine.api<T>('POST', path, { body });
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function makePeople(engine: TestEngine): Promise<void> {
  for (const name of three) {
    await make(engine, '/users', { username: `sre-${name}`, role: 'viewer', password: 'a long enough one' });
    await make(engine, '/api-keys', { name: `Sender ${name}` });
    await make(engine, '/invitations', { username: `guest-${name}`, role: 'viewer' });
    await make(engine, '/feature-flags', { key: `flag-${name}` });
    await make(engine, '/signing-keys/rotate', undefined);
    await make(engine, '/auth/login', { username: 'admin', password: adminPassword });
  }
}

async function makeFlows(engine: TestEngine): Promise<void> {
  const matchers = [{ name: 'alertname', op: '=', value: 'HostDown' }];
  for (const name of three) {
    await make(engine, '/rules', { name: `Rule ${name}`, matchers, action: 'observe' });
    await make(engine, '/llm-providers', { name: `Model ${name}`, kind: 'ollama', model: 'llama3' });
    await engine.api('PUT', `/ingest-mappings/source-${name}`, { body: { alert_name: 'title' } });
    const channel = await make(engine, '/notification-channels', {
      name: `Hook ${name}`,
      config: {
        kind: 'webhook',
        url: 'https://hooks.example.com/aiops',
        signing_secret: 'a signing secret of the tests',
      },
    });
    await make(engine, '/notification-policies', {
      name: `Policy ${name}`,
      events: ['alert.fired'],
      channel_ids: [channel.id],
    });
  }
}

async function makeAlerts(engine: TestEngine): Promise<void> {
  const alerts = three.map((instance) => ({
    status: 'firing',
    labels: { alertname: 'HostDown', instance, severity: 'critical' },
    annotations: { summary: `${instance} is down` },
    startsAt: '2026-01-31T12:00:00Z',
    fingerprint: instance,
  }));
  await make(engine, '/ingest/alertmanager', { version: '4', status: 'firing', alerts });
  const { body } = await engine.api<{ data: { id: string }[] }>('GET', '/alerts');
  const id = body.data[0]?.id ?? '';
  for (const action of ['acknowledge', 'unacknowledge', 'acknowledge']) {
    await make(engine, `/alerts/${id}/${action}`, { note: 'on it' });
  }
  for (const _analysis of three) await make(engine, `/alerts/${id}/analyze`, {});
}

const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB our authority';

async function makeRuns(engine: TestEngine): Promise<void> {
  const targets: string[] = [];
  for (const name of three) {
    const credential = { name: `password-${name}`, kind: 'password', secret: 'correct horse' };
    const { id } = await make(engine, '/credentials', credential);
    const rule = { kind: 'certificate_authority', hosts: `*.${name}.example`, public_key: publicKey };
    await make(engine, '/known-hosts', rule);
    const target = { name: `web-${name}`, host: '192.0.2.10', username: 'ops', credential_id: id };
    targets.push((await make(engine, '/targets', target)).id);
    const runbook = await make(engine, '/runbooks', { yaml: runbookYaml(`restart-${name}`) });
    for (const command of ['systemctl restart shop', 'systemctl start shop']) {
      const yaml = runbookYaml(`restart-${name}`, command);
      await engine.api('PUT', `/runbooks/${runbook.id}`, { body: { yaml } });
    }
    await make(engine, `/runbooks/${runbook.id}/execute`, { dry_run: true, target_ids: [targets[0]] });
  }
}

/** What nobody can post: it comes of deliveries, connections and jobs that failed. */
async function makeWhatJobsMake(database: DataSource): Promise<void> {
  for (const name of three) {
    await database.query(
      `INSERT INTO failed_operations (id, operation, payload, error, attempts, status, failed_at)
       VALUES ($1, 'notification.deliver', '{"token": "hunter2"}', 'timed out', 5, 'failed', now())`,
      [randomUUID()],
    );
    await database.query(
      `INSERT INTO notifications (id, channel_id, channel_name, dedup_key, event, message, status, attempts, created_at)
       SELECT $1, id, name, $2, 'alert.fired', '{"subject": "HostDown"}', 'delivered', 1, now()
       FROM notification_channels LIMIT 1`,
      [randomUUID(), name],
    );
    await database.query(
      `INSERT INTO host_keys (id, target_id, algorithm, fingerprint, status, origin, first_seen_at, last_seen_at, created_at)
       SELECT $1, id, 'ssh-ed25519', $2, 'pending', 'seen', now(), now(), now() FROM targets WHERE name = 'web-one'`,
      [randomUUID(), `SHA256:${name}`],
    );
    await database.query(
      `INSERT INTO circuit_breakers (instance_id, name, state, changed_at) VALUES ($1, $2, 'closed', now())`,
      [randomUUID(), `target:web-${name}`],
    );
  }
}
