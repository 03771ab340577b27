import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { AlertDto, ExecutionDto, PageDto } from '@aiops/contracts';
import { freePort, sshdAvailable, until } from '@aiops/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngineProcess, type EngineProcess } from '../../testing/engine-process.js';
import { apiClient, migratedDatabase, type TestEngine } from '../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from './execution.fixture.js';

/**
 * The engine is a process of its own and is killed with SIGKILL at every stage of an execution. Steps write a line each
 * to a file on the host, so that whatever ran twice is seen there.
 */
describe.runIf(sshdAvailable())('after SIGKILL and a new start', () => {
  let database: { url: string; drop(): Promise<void> };
  let sql: pg.Client;
  let env: Record<string, string>;
  let engine: EngineProcess;
  let api: TestEngine['api'];
  let client: RunbookClient;
  let host: Host;
  let token = '';
  const password = 'correct horse battery';

  beforeAll(async () => {
    database = await migratedDatabase();
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: String(await freePort()),
      ADMIN_PASSWORD: password,
      DATABASE_URL: database.url,
      JWT_SECRETS: `test:${randomBytes(32).toString('hex')}`,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      EXECUTION_LEASE_MS: '1500',
    };
    engine = await startEngineProcess(env);
    api = apiClient(engine.url, () => token);
    const login = await api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username: 'admin', password },
    });
    token = login.body.access_token;
    client = runbookClient(api);
    host = await startHost(api);
  });
  afterAll(async () => {
    await engine.kill();
    await sql.end();
    await database.drop();
    await host.stop();
  });

  const restart = async (settings: Record<string, string> = {}) => {
    await engine.kill();
    engine = await startEngineProcess({ ...env, ...settings });
  };
  const begin = async (sections: string, body: object = {}) =>
    client.execute(await client.create(yamlOf(host.target, sections)), body);
  const line = (text: string, file: string) => `echo ${text} >> ${host.path(file)}`;
  /** A command that writes its line and then runs until the file `<file>.go` is there. */
  const lineAndWait = (text: string, file: string) =>
    `${line(text, file)}; while [ ! -e ${host.path(`${file}.go`)} ]; do sleep 0.05; done`;
  const go = (file: string) => writeFileSync(host.path(`${file}.go`), '');
  const untilLines = (file: string, count: number) =>
    until(() => host.lines(file).length >= count, { description: `${count} lines in ${file}` });
  const statuses = (execution: ExecutionDto) => execution.steps.map((step) => step.status);

  /** Holds the row of one step, so that nothing about it can be stored, and waits until the engine tries to. */
  async function holdStep(executionId: string, index: number): Promise<() => Promise<void>> {
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM execution_steps WHERE execution_id = $1 AND index = $2 FOR UPDATE', [
      executionId,
      index,
    ]);
    return async () => {
      await holder.query('ROLLBACK');
      await holder.end();
    };
  }
  const untilBlocked = () =>
    until(
      async () => {
        const found = await sql.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%execution_steps%'`,
        );
        return found.rows.length > 0;
      },
      { description: 'the engine to be held up at its write' },
    );

  async function fire(): Promise<AlertDto> {
    await api('POST', '/ingest/prometheus/api/v2/alerts', {
      body: [{ labels: { alertname: 'Down' }, annotations: {} }],
    });
    return until(async () => (await api<PageDto<AlertDto>>('GET', '/alerts?status=firing')).body.data[0], {
      description: 'an alert',
    });
  }

  it('while queued: it runs, once', async () => {
    await restart({ AIOPS_ROLE: 'api' });
    const execution = await begin(`steps: [{ name: A, command: "${line('a', 'queued')}" }]`);
    expect(execution.status).toBe('queued');
    await restart();
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('queued')).toEqual(['a']);
  });

  it('before a step, its intent not stored yet: the step runs, once', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${lineAndWait('a', 'before')}" }
  - { name: B, command: "${line('b', 'before')}" }`);
    await untilLines('before', 1);
    const letGo = await holdStep(execution.id, 1);
    go('before');
    await untilBlocked();
    await engine.kill();
    await letGo();
    await restart();
    const done = await client.untilStatus(execution.id, 'succeeded');
    expect(done.steps.map((step) => step.attempt)).toEqual([1, 1]);
    expect(host.lines('before')).toEqual(['a', 'b']);
  });

  it('in the middle of a step that must not be repeated: a person decides, nothing is repeated', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${lineAndWait('a', 'middle')}" }
  - { name: B, command: "${line('b', 'middle')}" }`);
    await untilLines('middle', 1);
    await restart();
    const stuck = await client.untilStatus(execution.id, 'needs_attention');
    expect(statuses(stuck)).toEqual(['interrupted', 'pending']);
    expect(stuck.reason).toContain('not idempotent');
    go('middle');
    await client.act(execution.id, 'resume', { decision: 'skip' });
    const done = await client.untilStatus(execution.id, 'succeeded');
    expect(statuses(done)).toEqual(['skipped', 'succeeded']);
    expect(host.lines('middle')).toEqual(['a', 'b']);
  });

  it('in the middle of an idempotent step: it runs again, and says so', async () => {
    const execution = await begin(`
safety: { idempotent: true }
steps:
  - { name: A, command: "${lineAndWait('a', 'again')}" }
  - { name: B, command: "${line('b', 'again')}" }`);
    await untilLines('again', 1);
    await restart();
    await untilLines('again', 2);
    go('again');
    const done = await client.untilStatus(execution.id, 'succeeded');
    expect(done.steps.map((step) => step.attempt)).toEqual([2, 1]);
    expect(host.lines('again')).toEqual(['a', 'a', 'b']);
    expect(await client.output(execution.id)).toContain('was interrupted');
  });

  it('after a step ended and before its end was stored: nobody assumes anything', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${lineAndWait('a', 'ended')}" }
  - { name: B, command: "${line('b', 'ended')}" }`);
    await untilLines('ended', 1);
    const letGo = await holdStep(execution.id, 0);
    go('ended');
    await untilBlocked();
    await engine.kill();
    await letGo();
    await restart();
    await client.untilStatus(execution.id, 'needs_attention');
    await client.act(execution.id, 'resume', { decision: 'abort' });
    expect((await client.get(execution.id)).status).toBe('cancelled');
    expect(host.lines('ended')).toEqual(['a']);
  });

  it('between two tries: the next try comes, and no more than allowed', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${line('a', 'tries')}; exit 1", retries: { attempts: 2, delay: 2s } }`);
    await client.until(
      execution.id,
      'between two tries',
      ({ steps }) => steps[0]?.status === 'pending' && steps[0].attempt === 1,
    );
    await restart();
    const done = await client.untilStatus(execution.id, 'failed');
    expect(done.steps[0]?.attempt).toBe(2);
    expect(host.lines('tries')).toEqual(['a', 'a']);
  });

  it('while its plan waits for approval: it still does, and then runs once', async () => {
    const execution = await begin(`
safety: { approval: required }
steps: [{ name: A, command: "${line('a', 'plan')}" }]`);
    await restart();
    expect((await client.get(execution.id)).status).toBe('awaiting_approval');
    expect(host.lines('plan')).toEqual([]);
    await client.act(execution.id, 'approve', { plan_hash: execution.plan?.hash });
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('plan')).toEqual(['a']);
  });

  it('while one step waits for approval: what ran before is not repeated', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${line('a', 'step')}" }
  - { name: B, command: "${line('b', 'step')}", approval_required: true }`);
    await client.untilStatus(execution.id, 'awaiting_approval');
    await restart();
    await client.act(execution.id, 'approve');
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('step')).toEqual(['a', 'b']);
  });

  it('while it waits for the alert: it goes on waiting, and succeeds when the alert resolves', async () => {
    const alert = await fire();
    const execution = await begin(
      `steps: [{ name: A, command: "${line('a', 'alert')}" }]\nverify: [{ alert_resolved_within: 10m }]`,
      { alert_id: alert.id },
    );
    await client.until(execution.id, 'waiting for the alert', ({ steps }) => steps[1]?.status === 'running');
    await restart();
    expect((await client.get(execution.id)).status).toBe('verifying');
    await api('POST', `/alerts/${alert.id}/resolve`);
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('alert')).toEqual(['a']);
  });

  it('in the middle of a check: an idempotent one is made again', async () => {
    const execution = await begin(`
steps: [{ name: A, command: "${line('a', 'check')}" }]
verify: [{ name: C, command: "${lineAndWait('c', 'check')}", idempotent: true }]`);
    await untilLines('check', 2);
    await restart();
    await untilLines('check', 3);
    go('check');
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('check')).toEqual(['a', 'c', 'c']);
  });

  it('in the middle of the rollback: a person decides, nothing is undone twice', async () => {
    const execution = await begin(`
steps: [{ name: A, command: "${line('a', 'rollback')}; exit 1", on_failure: rollback }]
rollback:
  - { name: U, command: "${lineAndWait('u', 'rollback')}" }
  - { name: V, command: "${line('v', 'rollback')}" }`);
    await untilLines('rollback', 2);
    await restart();
    const stuck = await client.untilStatus(execution.id, 'needs_attention');
    expect(statuses(stuck)).toEqual(['failed', 'interrupted', 'pending']);
    go('rollback');
    await client.act(execution.id, 'resume', { decision: 'skip' });
    await client.untilStatus(execution.id, 'rolled_back');
    expect(host.lines('rollback')).toEqual(['a', 'u', 'v']);
  });

  it('during a cancel: it is cancelled, says what it does not know, and goes on with nothing', async () => {
    const execution = await begin(`
safety: { idempotent: true }
steps:
  - { name: A, command: "trap '' TERM; ${lineAndWait('a', 'cancel')}" }
  - { name: B, command: "${line('b', 'cancel')}" }`);
    await untilLines('cancel', 1);
    const asked = await client.act(execution.id, 'cancel');
    expect(asked.body).toMatchObject({ status: 'running', cancel_requested: true });
    await restart();
    const done = await client.untilStatus(execution.id, 'cancelled');
    go('cancel');
    expect(statuses(done)).toEqual(['interrupted', 'cancelled']);
    expect(done.steps[0]?.reason).toContain('nobody knows');
    expect(host.lines('cancel')).toEqual(['a']);
  });

  it('with a second engine there: that one takes over, and the first, only asleep, does nothing more', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${lineAndWait('a', 'asleep')}" }
  - { name: B, command: "${line('b', 'asleep')}" }`);
    await untilLines('asleep', 1);
    engine.freeze();
    const second = await startEngineProcess({ ...env, PORT: String(await freePort()) });
    const other = runbookClient(apiClient(second.url, () => token));
    await other.untilStatus(execution.id, 'needs_attention');
    await other.act(execution.id, 'resume', { decision: 'abort' });
    const before = await other.get(execution.id);
    engine.thaw();
    go('asleep');
    await until(async () => (await client.get(execution.id)).status === 'cancelled', {
      description: 'the first to be awake',
    });
    const own = await begin(`steps: [{ name: C, command: "${line('c', 'awake')}" }]`);
    await client.untilStatus(own.id, 'succeeded');
    expect(await other.get(execution.id)).toEqual(before);
    expect(host.lines('asleep')).toEqual(['a']);
    await second.stop();
  });

  it('and even after a stop in good order nothing is left running', async () => {
    const execution = await begin(`
steps:
  - { name: A, command: "${lineAndWait('a', 'order')}" }
  - { name: B, command: "${line('b', 'order')}" }`);
    await untilLines('order', 1);
    const stopped = engine.stop();
    go('order');
    await stopped;
    const rows = await sql.query<{ status: string; lease_token: string | null }>(
      'SELECT status, lease_token FROM executions WHERE id = $1',
      [execution.id],
    );
    expect(rows.rows[0]).toEqual({ status: 'running', lease_token: null });
    expect(host.lines('order')).toEqual(['a']);
    await restart();
    await client.untilStatus(execution.id, 'succeeded');
    expect(host.lines('order')).toEqual(['a', 'b']);
  });

  it('and a step that does not end in time is handed over as interrupted at once', async () => {
    await restart({ SHUTDOWN_TIMEOUT_MS: '2500' });
    const execution = await begin(`steps: [{ name: A, command: "${lineAndWait('a', 'timeout')}" }]`);
    await untilLines('timeout', 1);
    await engine.stop();
    const rows = await sql.query<{ status: string }>('SELECT status FROM executions WHERE id = $1', [
      execution.id,
    ]);
    expect(rows.rows[0]?.status).toBe('needs_attention');
    await restart();
    await client.act(execution.id, 'resume', { decision: 'abort' });
    expect(host.lines('timeout')).toEqual(['a']);
  });

  it('and a stop that one engine is asked for reaches the other, which runs the step', async () => {
    const second = await startEngineProcess({ ...env, AIOPS_ROLE: 'api', PORT: String(await freePort()) });
    const other = runbookClient(apiClient(second.url, () => token));
    const execution = await begin(
      `steps: [{ name: A, command: "echo $$ >> ${host.path('reach')}; sleep 300" }]`,
    );
    await untilLines('reach', 1);
    await other.act(execution.id, 'cancel');
    await other.untilStatus(execution.id, 'cancelled');
    expect(() => process.kill(Number(host.lines('reach')[0]), 0)).toThrow();
    await second.kill();
  });

  it('at whatever stage: everything is at rest in the end, and no target stays locked', async () => {
    const open = await sql.query(
      `SELECT id, status FROM executions WHERE finished_at IS NULL OR lease_expires_at > now()`,
    );
    const locks = await sql.query('SELECT * FROM target_locks');
    expect(open.rows).toEqual([]);
    expect(locks.rows).toEqual([]);
  });
});
