import type { HealthDto } from '@aiops/contracts';
import { startHttpReceiver, startLlmServer, until, type HttpReceiver, type LlmServer } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Breakers } from './platform/index.js';
import { startTestEngine, type TestEngine } from './testing/test-engine.js';

/** Two processes on one database: what one of them learned of the outside, the health of the other tells. */
describe('health of what is outside (R3.3)', () => {
  let engine: TestEngine;
  let other: TestEngine;
  let models: LlmServer;
  let hooks: HttpReceiver;
  beforeAll(async () => {
    engine = await startTestEngine({ AIOPS_ROLE: 'api' });
    other = await startTestEngine({ AIOPS_ROLE: 'api', DATABASE_URL: engine.databaseUrl });
    models = await startLlmServer();
    hooks = await startHttpReceiver();
  });
  afterAll(async () => {
    await Promise.all([other.stop(), engine.stop()]);
    await Promise.all([models.stop(), hooks.stop()]);
  });

  const ask = async (path = '/health') => {
    const answer = await fetch(`${engine.url}${path}`);
    return { code: answer.status, health: (await answer.json()) as HealthDto };
  };
  const checkOf = async (name: string) => (await ask()).health.checks[name];
  const untilCheck = (name: string, status: string) =>
    until(
      async () => {
        const check = await checkOf(name);
        return check?.status === status ? check : null;
      },
      { description: `${name} to be ${status}` },
    );
  const make = async (path: string, body: object): Promise<string> => {
    const made = await engine.api<{ id: string }>('POST', path, { body });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id;
  };
  const failElsewhere = async (breaker: string) => {
    const breakers = other.app.get(Breakers);
    const fail = () => breakers.run(breaker, () => Promise.reject(new Error('10.9.8.7 is away')));
    while (breakers.state(breaker) === 'closed') await fail().catch(() => undefined);
  };

  it('names models and channels, and is well before there are any', async () => {
    expect(await checkOf('llm')).toMatchObject({
      status: 'up',
      detail: 'No model providers are switched on.',
    });
    expect(await checkOf('notifications')).toMatchObject({ status: 'up' });
  });

  it('tells how many model providers are away by the breakers of all processes, and asks none of them', async () => {
    const settings = (name: string, enabled = true) => ({
      ...{ name, kind: 'openai_compatible', model: 'm', base_url: models.url, priority: 1, enabled },
    });
    const provider = (...of: Parameters<typeof settings>) => make('/llm-providers', settings(...of));
    const first = await provider('one');
    await provider('two');
    await provider('off', false);
    expect((await checkOf('llm'))?.status).toBe('up');
    await failElsewhere('llm:one');
    expect((await untilCheck('llm', 'degraded')).detail).toContain('1 of 2');
    await failElsewhere('llm:two');
    const down = await untilCheck('llm', 'down');
    expect(down.detail).toContain('from the template');
    const { code, health } = await ask();
    expect([code, health.status]).toEqual([200, 'degraded']);
    expect(JSON.stringify(health)).not.toContain('10.9.8.7');
    expect((await ask('/health/ready')).health).toMatchObject({ status: 'ok' });
    await engine.api('PUT', `/llm-providers/${first}`, { body: settings('one', false) });
    expect((await untilCheck('llm', 'down')).detail).toContain('1 of 1');
    expect(models.requests).toEqual([]);
  });

  it('tells whether people can be told', async () => {
    const config = { kind: 'slack', webhook_url: `${hooks.url}/services/T0/B0/part` };
    await make('/notification-channels', { name: 'ops', config });
    await make('/notification-channels', { name: 'old', config, enabled: false });
    await failElsewhere('channel:old');
    await failElsewhere('channel:ops');
    expect((await untilCheck('notifications', 'down')).detail).toContain('1 of 1');
    expect(hooks.requests).toEqual([]);
  });
});
