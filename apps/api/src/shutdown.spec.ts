import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { HealthDto } from '@aiops/contracts';
import { sshdAvailable, until } from '@aiops/testing';
import pg from 'pg';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runbookClient, startHost, yamlOf } from './runbook/execution/execution.fixture.js';
import { startEngineProcess, type EngineProcess } from './testing/engine-process.js';
import { apiClient, migratedDatabase } from './testing/test-engine.js';

const PASSWORD = 'correct horse battery';

/** The engine as a process of its own, ended by signals while there is work. */
describe('an engine that is told to stop', () => {
  let database: { url: string; drop(): Promise<void> };
  let sql: pg.Client;
  let env: Record<string, string>;
  let token = '';
  const started: EngineProcess[] = [];

  beforeAll(async () => {
    database = await migratedDatabase();
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    env = {
      APP_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      AIOPS_ROLE: 'api',
      ADMIN_PASSWORD: PASSWORD,
      DATABASE_URL: database.url,
      JWT_SECRETS: `test:${randomBytes(32).toString('hex')}`,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      RATE_LIMIT_API_PER_MINUTE: '1000000',
      RATE_LIMIT_INGEST_PER_MINUTE: '1000000',
      // So long that nobody takes anything over because a lease ran out.
      EXECUTION_LEASE_MS: '600000',
    };
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((engine) => engine.kill()));
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const start = async (settings: Record<string, string> = {}) => {
    const engine = await startEngineProcess({ ...env, ...settings });
    started.push(engine);
    const api = apiClient(engine.url, () => token);
    const body = { username: 'admin', password: PASSWORD };
    const login = await api<{ access_token: string }>('POST', '/auth/login', { token: null, body });
    token = login.body.access_token;
    return { engine, api };
  };
  const ready = async (engine: EngineProcess): Promise<number | 'refused'> => {
    try {
      const answer = await fetch(`${engine.url}/health/ready`, { headers: { Connection: 'close' } });
      await answer.text();
      return answer.status;
    } catch {
      return 'refused';
    }
  };
  const untilReady = (engine: EngineProcess, wanted: number | 'refused') =>
    until(async () => (await ready(engine)) === wanted, { description: `ready to be ${wanted}` });

  /** One request on a connection of the agent's, and what became of it. */
  const push = (engine: EngineProcess, agent: Agent, name: string) =>
    new Promise<{ status?: number; error?: string; reused: boolean }>((resolve) => {
      const sent = request(`${engine.url}/api/v1/ingest/prometheus/api/v2/alerts`, {
        method: 'POST',
        agent,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      });
      sent.once('response', (answer) => {
        answer.resume();
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, reused: sent.reusedSocket }));
      });
      sent.once('error', (error: NodeJS.ErrnoException) =>
        resolve({ error: error.code ?? error.message, reused: sent.reusedSocket }),
      );
      sent.end(JSON.stringify([{ labels: { alertname: name } }]));
    });
  const stored = async (names: string[]): Promise<string[]> => {
    const { rows } = await sql.query<{ alert_name: string }>(
      'SELECT DISTINCT alert_name FROM alerts WHERE alert_name = ANY($1)',
      [names],
    );
    return rows.map((row) => row.alert_name);
  };

  it('loses no alert of many senders: each is stored and acknowledged, or refused and not stored', async () => {
    const { engine } = await start();
    const outcomes = new Map<string, Awaited<ReturnType<typeof push>>>();
    const send = async (sender: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let count = 0; ; count += 1) {
        const name = `Load_${sender}_${count}`;
        const outcome = await push(engine, agent, name);
        outcomes.set(name, outcome);
        if (outcome.status !== 200) return agent.destroy();
      }
    };
    const senders = Promise.all(Array.from({ length: 40 }, (_, sender) => send(sender)));
    await until(() => outcomes.size > 1000, { description: 'load' });
    engine.signal('SIGTERM');
    await senders;
    expect(await engine.ended).toBe(0);
    const named = (those: (outcome: { status?: number; error?: string; reused: boolean }) => boolean) =>
      [...outcomes].filter(([, outcome]) => those(outcome)).map(([name]) => name);
    const acknowledged = named(({ status }) => status === 200);
    expect(new Set(await stored(acknowledged))).toEqual(new Set(acknowledged));
    const refused = named(({ status }) => status !== 200);
    expect(refused).toHaveLength(40);
    expect(await stored(refused)).toEqual([]);
    // A connection that was in use ends after an answer that says so, and never under a request.
    expect([...outcomes.values()].filter(({ error, reused }) => error !== undefined && reused)).toEqual([]);
  });

  it('says so first, and serves on until the delay is over; then it takes no new connections', async () => {
    const { engine } = await start({ SHUTDOWN_DELAY_MS: '4000', SHUTDOWN_TIMEOUT_MS: '20000' });
    expect(await ready(engine)).toBe(200);
    const agent = new Agent({ keepAlive: true });
    engine.signal('SIGTERM');
    await untilReady(engine, 503);
    const health = (await (await fetch(`${engine.url}/health/ready`)).json()) as HealthDto;
    expect(health.checks['shutdown']).toMatchObject({ status: 'down' });
    expect((await fetch(`${engine.url}/health/live`)).status).toBe(200);
    const late = await push(engine, agent, 'DuringTheDelay');
    expect(late).toMatchObject({ status: 200 });
    await untilReady(engine, 'refused');
    expect(await engine.ended).toBe(0);
    expect(await stored(['DuringTheDelay'])).toEqual(['DuringTheDelay']);
  });

  describe('while a request hangs', () => {
    let holder: pg.Client;
    beforeAll(async () => {
      holder = new pg.Client({ connectionString: database.url });
      await holder.connect();
    });
    afterEach(() => holder.query('ROLLBACK'));
    afterAll(() => holder.end());

    const hang = async (engine: EngineProcess, name: string) => {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE');
      const outcome = push(engine, new Agent(), name);
      const waiting = `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
                       WHERE datname = current_database() AND NOT granted`;
      await until(async () => (await sql.query(waiting)).rows.length > 0, {
        description: 'the request to hang',
      });
      return { outcome };
    };

    it('cuts it when the time is over, and ends with code 0; nothing of it is stored', async () => {
      const { engine } = await start({ SHUTDOWN_TIMEOUT_MS: '2500' });
      const { outcome } = await hang(engine, 'Hanging');
      engine.signal('SIGTERM');
      expect((await outcome).error).toBeDefined();
      expect(await engine.ended).toBe(0);
      await holder.query('ROLLBACK');
      expect(await stored(['Hanging'])).toEqual([]);
    });

    it('ends at once at the second signal', async () => {
      const { engine } = await start({ SHUTDOWN_TIMEOUT_MS: '120000', SHUTDOWN_DELAY_MS: '60000' });
      const { outcome } = await hang(engine, 'Ended');
      engine.signal('SIGTERM');
      await untilReady(engine, 503);
      engine.signal('SIGTERM');
      expect(await engine.ended).toBe(143);
      expect((await outcome).error).toBeDefined();
    });
  });

  it('lets screens come back elsewhere by themselves', async () => {
    const { engine: first } = await start();
    const { engine: second } = await start();
    const balancer = await balance([first, second]);
    const screen: Socket = io(balancer.url, { auth: { token }, transports: ['websocket'] });
    try {
      await new Promise<void>((resolve) => screen.once('connect', resolve));
      const lost = new Promise<boolean>((resolve) => screen.once('disconnect', () => resolve(screen.active)));
      first.signal('SIGTERM');
      expect(await lost).toBe(true);
      await until(() => screen.connected, { description: 'the screen to be back' });
      expect(await first.ended).toBe(0);
    } finally {
      screen.disconnect();
      balancer.close();
    }
  });

  describe.runIf(sshdAvailable())('while a step runs that does not end in time', () => {
    it.each([
      ['runs it again on the next worker, after the first was stopped, when it is idempotent', true],
      ['runs it no second time when it is not: a person decides', false],
    ])('hands the execution over at once and %s', async (_, idempotent) => {
      const { api } = await start();
      const { engine: worker } = await start({ AIOPS_ROLE: 'worker', SHUTDOWN_TIMEOUT_MS: '4000' });
      const host = await startHost(api);
      try {
        const client = runbookClient(api);
        const steps = `
steps:
  - { name: A, idempotent: ${idempotent}, command: "echo $$ >> ${host.path('pids')}; sleep 300" }`;
        const execution = await client.execute(await client.create(yamlOf(host.target, steps)));
        await until(() => host.lines('pids').length === 1, { description: 'the step to run' });
        await start({ AIOPS_ROLE: 'worker' });
        worker.signal('SIGTERM');
        expect(await worker.ended).toBe(0);
        const lives = (pid: string | undefined) => {
          try {
            return process.kill(Number(pid), 0);
          } catch {
            return false;
          }
        };
        if (idempotent) {
          await until(() => host.lines('pids').length === 2, { description: 'the step to run again' });
          const [before, now] = host.lines('pids');
          expect([lives(before), lives(now)]).toEqual([false, true]);
          await client.act(execution.id, 'cancel');
          await client.untilStatus(execution.id, 'cancelled');
        } else {
          const waiting = await client.untilStatus(execution.id, 'needs_attention');
          expect(waiting.steps[0]).toMatchObject({ status: 'interrupted', attempt: 1 });
          expect(host.lines('pids').map(lives)).toEqual([false]);
          await client.act(execution.id, 'resume', { decision: 'abort' });
        }
      } finally {
        await host.stop();
      }
    });
  });
});

/** A balancer as plain as can be: each connection goes to the first engine that takes it. */
async function balance(engines: EngineProcess[]): Promise<{ url: string; close(): void }> {
  const server = createServer((client) => {
    const through = ([engine, ...others]: EngineProcess[]): void => {
      if (engine === undefined) return void client.destroy();
      const target = connect(Number(new URL(engine.url).port), '127.0.0.1');
      const next = (): void => through(others);
      target.once('error', next);
      target.once('connect', () => {
        target.off('error', next);
        target.on('error', () => client.destroy());
        client.on('error', () => target.destroy());
        client.pipe(target).pipe(client);
      });
    };
    through(engines);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
