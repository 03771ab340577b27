import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type {
  AlertDto,
  ClientToServerEvents,
  ExecutionDto,
  PageDto,
  ServerToClientEvents,
} from '@aiops/contracts';
import { sshdAvailable, until } from '@aiops/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  runbookClient,
  startHost,
  yamlOf,
  type Host,
  type RunbookClient,
} from './runbook/execution/execution.fixture.js';
import { startEngineProcess, type EngineProcess } from './testing/engine-process.js';
import { apiClient, migratedDatabase, type TestEngine } from './testing/test-engine.js';

type Api = TestEngine['api'];
const PASSWORD = 'correct horse battery';

/** One process of the engine and how it is spoken to. */
interface Replica {
  process: EngineProcess;
  api: Api;
}

describe.runIf(sshdAvailable())('two API processes and a worker on one database', () => {
  let database: { url: string; drop(): Promise<void> };
  let env: Record<string, string>;
  let token = '';
  let one: Replica;
  let other: Replica;
  let worker: EngineProcess;
  let host: Host;
  let client: RunbookClient;

  const startReplica = async (): Promise<Replica> => {
    const process = await startEngineProcess({ ...env, AIOPS_ROLE: 'api' });
    return { process, api: apiClient(process.url, () => token) };
  };
  const startWorker = () => startEngineProcess({ ...env, AIOPS_ROLE: 'worker' });

  beforeAll(async () => {
    database = await migratedDatabase();
    env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PASSWORD: PASSWORD,
      DATABASE_URL: database.url,
      JWT_SECRETS: `test:${randomBytes(32).toString('hex')}`,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      EXECUTION_LEASE_MS: '1500',
      RATE_LIMIT_API_PER_MINUTE: '1000000',
    };
    [one, other, worker] = await Promise.all([startReplica(), startReplica(), startWorker()]);
    token = await signIn(one.api);
    host = await startHost(one.api);
    client = runbookClient(other.api);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([one?.process.kill(), other?.process.kill(), worker?.kill()]);
    await host?.stop();
    await database?.drop();
  });

  const alertsNamed = async ({ api }: Replica, name: string) =>
    (await api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${name}`)).body.data;
  const push = ({ api }: Replica, ...names: string[]) =>
    api('POST', '/ingest/prometheus/api/v2/alerts', {
      body: names.map((alertname) => ({ labels: { alertname } })),
    });

  it('show on the screens of one what happens on the other, and on the worker', async () => {
    const screen: Socket<ServerToClientEvents, ClientToServerEvents> = io(other.process.url, {
      auth: { token },
      transports: ['websocket'],
    });
    await new Promise<void>((resolve) => screen.once('connect', resolve));
    const alerts: string[] = [];
    const executions: ExecutionDto[] = [];
    screen.on('alert.created', (created) => alerts.push(...created.map((alert) => alert.alert_name)));
    screen.on('execution.updated', (execution) => executions.push(execution));
    const runbook = await client.create(yamlOf(host.target, `steps: [{ name: Mend, command: "true" }]`));
    await one.api('POST', '/rules', {
      body: {
        name: 'mend',
        matchers: [{ name: 'alertname', op: '=', value: 'OnBothScreens' }],
        action: 'auto',
        runbook_id: runbook.id,
      },
    });
    await push(one, 'OnBothScreens');
    await until(() => alerts.includes('OnBothScreens'), { description: 'the alert on the other’s screen' });
    await until(() => executions.some(({ status }) => status === 'succeeded'), {
      description: 'the execution on the other’s screen',
      timeoutMs: 30_000,
    });
    screen.disconnect();
  });

  it('let one of them approve, and cancel, what the other was asked to run', async () => {
    const sections = `safety: { approval: required }
steps: [{ name: Wait, command: "touch ${host.path('approved')}; sleep 60" }]`;
    const asked = await runbookClient(one.api).execute(await client.create(yamlOf(host.target, sections)));
    await client.untilStatus(asked.id, 'awaiting_approval');
    expect((await client.act(asked.id, 'approve')).status).toBe(200);
    await client.until(asked.id, 'under way', ({ steps }) => steps[0]?.status === 'running');
    await runbookClient(one.api).act(asked.id, 'cancel');
    await client.untilStatus(asked.id, 'cancelled');
  });

  it('apply a rule that one was given to what the other receives, from the next alert on', async () => {
    await one.api('POST', '/rules', {
      body: { name: 'hush', matchers: [{ name: 'alertname', op: '=', value: 'Hushed' }], action: 'ignore' },
    });
    await push(other, 'Hushed');
    const [alert] = await alertsNamed(one, 'Hushed');
    await until(
      async () => {
        const timeline = await one.api<PageDto<{ kind: string }>>(
          'GET',
          `/alerts/${alert?.id ?? ''}/timeline`,
        );
        return timeline.body.data.some(({ kind }) => kind === 'rule_matched');
      },
      { description: 'the rule to be applied' },
    );
  });

  it('switch a feature flag together', async () => {
    const automatic = async ({ api }: Replica) =>
      (await api<{ enabled: boolean }>('GET', '/feature-flags/automatic_execution')).body.enabled;
    for (const enabled of [false, true]) {
      await one.api('PATCH', '/feature-flags/automatic_execution', { body: { enabled } });
      await until(async () => (await automatic(other)) === enabled, { description: 'the flag on the other' });
    }
    const runbook = await client.create(yamlOf(host.target, `steps: [{ name: Mend, command: "true" }]`));
    const matchers = [{ name: 'alertname', op: '=', value: 'Switched' }];
    const rule = { name: 'switched', matchers, action: 'auto', runbook_id: runbook.id };
    await one.api('POST', '/rules', { body: rule });
    await other.api('PATCH', '/feature-flags/automatic_execution', { body: { enabled: false } });
    await push(one, 'Switched');
    const ofRunbook = async () =>
      (await one.api<PageDto<ExecutionDto>>('GET', `/executions?runbook_id=${runbook.id}`)).body.data;
    await until(async () => (await ofRunbook())[0]?.status === 'awaiting_approval', {
      description: 'the worker to ask, since nothing runs by itself any more',
    });
    await other.api('PATCH', '/feature-flags/automatic_execution', { body: { enabled: true } });
  });

  it('lose no acknowledged alert when one of them is killed under load', async () => {
    const acknowledged: string[] = [];
    const send = async (sender: number): Promise<void> => {
      for (let count = 0; ; count += 1) {
        const name = `Killed_${sender}_${count}`;
        try {
          if ((await push(one, name)).status === 200) acknowledged.push(name);
        } catch {
          // Its connection broke: nobody told the sender that this one is stored.
          return;
        }
      }
    };
    const senders = Promise.all([1, 2, 3, 4].map(send));
    await until(() => acknowledged.length > 100, { description: 'load' });
    await one.process.kill();
    await senders;
    const missing = [];
    for (const name of acknowledged) if ((await alertsNamed(other, name)).length !== 1) missing.push(name);
    expect(missing).toEqual([]);
    one = await startReplica();
  });

  it('finish on a second worker what the first was doing when it was killed', async () => {
    const sections = `
steps:
  - name: Mend
    idempotent: true
    command: "echo mending >> ${host.path('mend')}; while [ ! -e ${host.path('go')} ]; do sleep 0.05; done"
  - { name: Tell, command: "echo told >> ${host.path('told')}" }`;
    const execution = await client.execute(await client.create(yamlOf(host.target, sections)));
    await until(() => host.lines('mend').length === 1, { description: 'the first worker at work' });
    const second = await startWorker();
    await worker.kill();
    worker = second;
    await until(() => host.lines('mend').length === 2, {
      description: 'another worker at work',
      timeoutMs: 30_000,
    });
    writeFileSync(host.path('go'), '');
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('told')).toEqual(['told']);
  });

  it('count requests each for itself, as documented', async () => {
    // Under another name each time: failures of one name are counted for all processes together.
    let names = 0;
    const attempt = async ({ api }: Replica) => {
      const body = { username: `nobody-${++names}`, password: 'wrong' };
      return (await api('POST', '/auth/login', { token: null, body })).status;
    };
    await until(async () => (await attempt(one)) === 429, { description: 'the budget of one to be used up' });
    expect(await attempt(other)).toBe(401);
  });
});

async function signIn(api: Api): Promise<string> {
  const body = { username: 'admin', password: PASSWORD };
  const answer = await api<{ access_token: string }>('POST', '/auth/login', { token: null, body });
  return answer.body.access_token;
}
