import type { BulkResult } from '@aiops/contracts';
import { sshdAvailable } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from './execution.fixture.js';

describe.runIf(sshdAvailable())('many executions cancelled at once (R2.6)', () => {
  let engine: TestEngine;
  let host: Host;
  let client: RunbookClient;
  beforeAll(async () => {
    engine = await startTestEngine();
    client = runbookClient(engine.api);
    host = await startHost(engine.api);
  });
  afterAll(async () => {
    await engine.stop();
    await host.stop();
  });

  const cancel = (body: object) => engine.api<BulkResult>('POST', '/executions/bulk/cancel', { body });
  const ask = async (sections: string) => client.execute(await client.create(yamlOf(host.target, sections)));
  const waiting = () => ask('safety: { approval: required }\nsteps: [{ name: Act, command: "echo ran" }]');

  it('stops those that run or wait, and says of each other one why not', async () => {
    const running = await ask(`steps: [{ name: Wait, command: "echo up >> ${host.path('up')}; sleep 60" }]`);
    await client.until(running.id, 'at its step', () => host.lines('up').length === 1);
    const asked = await waiting();
    const rejected = await waiting();
    await client.act(rejected.id, 'reject');
    const missing = newId();

    const ids = [rejected.id, running.id, missing, asked.id, 'odd'];
    const { status, body } = await cancel({ ids, reason: 'false alarm' });

    expect(status).toBe(200);
    expect(body).toEqual({
      success: [running.id, asked.id],
      failed: [
        { id: rejected.id, error: 'This execution has ended already: rejected.' },
        { id: missing, error: `There is no execution with the id ${missing}.` },
        { id: 'odd', error: 'There is no such execution.' },
      ],
    });
    for (const id of body.success) {
      const done = await client.untilStatus(id, 'cancelled');
      expect(done.reason).toContain('false alarm');
    }
    expect((await client.get(rejected.id)).status).toBe('rejected');
  });

  it('stops more than fit into one transaction', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 30; count++) ids.push((await waiting()).id);
    expect((await cancel({ ids })).body).toEqual({ success: ids, failed: [] });
    for (const id of ids) expect((await client.get(id)).status).toBe('cancelled');
  });

  it('takes a thousand ids and not one more', async () => {
    const ids = Array.from({ length: 1001 }, () => newId());
    expect((await cancel({ ids })).status).toBe(400);
    expect((await cancel({ ids: [] })).status).toBe(400);
    expect((await cancel({ ids: ids.slice(1) })).body.failed).toHaveLength(1000);
  });
});
