import type {
  ClientToServerEvents,
  ExecutionDto,
  OutputChunkDto,
  ServerToClientEvents,
} from '@aiops/contracts';
import { sshdAvailable, until } from '@aiops/testing';
import { io, type Socket } from 'socket.io-client';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from './execution.fixture.js';

describe.runIf(sshdAvailable())('a screen that is open', () => {
  let engine: TestEngine;
  let host: Host;
  let client: RunbookClient;
  let screen: Socket<ServerToClientEvents, ClientToServerEvents>;
  beforeAll(async () => {
    engine = await startTestEngine();
    client = runbookClient(engine.api);
    host = await startHost(engine.api);
    screen = io(engine.url, { auth: { token: engine.adminToken }, transports: ['websocket'] });
    await new Promise<void>((resolve) => screen.once('connect', resolve));
  });
  afterAll(async () => {
    screen.disconnect();
    await engine.stop();
    await host.stop();
  });

  it('sees an execution change, is asked for approval, and gets the output that it follows in order', async () => {
    const updates: ExecutionDto[] = [];
    const asked: ExecutionDto[] = [];
    const chunks: OutputChunkDto[] = [];
    screen.on('execution.updated', (execution) => updates.push(execution));
    screen.on('execution.approval_requested', (execution) => asked.push(execution));
    screen.on('execution.output', (message) => chunks.push(...message.chunks));
    const runbook = await client.create(
      yamlOf(
        host.target,
        `safety: { approval: required }
steps: [{ name: Count, command: "for i in 1 2 3 4 5; do echo line $i; sleep 0.2; done" }]`,
      ),
    );
    const execution = await client.execute(runbook);
    await until(() => asked.some((each) => each.id === execution.id), {
      description: 'the request for approval',
    });
    await screen.emitWithAck('execution.follow', { execution_id: execution.id });
    await client.act(execution.id, 'approve');
    await client.untilStatus(execution.id, 'succeeded');
    await until(() => updates.at(-1)?.status === 'succeeded', { description: 'the last update' });
    expect(updates.map((update) => update.status)).toContain('running');
    await until(
      () =>
        chunks
          .map((chunk) => chunk.text)
          .join('')
          .includes('line 5'),
      { description: 'the output' },
    );
    expect(chunks.map((chunk) => chunk.offset)).toEqual(chunks.map((_chunk, index) => index + 1));
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.map((chunk) => chunk.text).join('')).toBe(await client.output(execution.id));
  });

  it('is never told that a dry run changed anything: nobody may take it for a fix', async () => {
    const changed: string[] = [];
    screen.on('execution.updated', (execution) => changed.push(execution.id));
    const runbook = await client.create(yamlOf(host.target, 'steps: [{ name: A, command: "true" }]'));
    const planned = await client.execute(runbook, { dry_run: true });
    const real = await client.untilStatus((await client.execute(runbook)).id, 'succeeded');
    await until(() => changed.includes(real.id), { description: 'the update of the real run' });
    expect(changed).not.toContain(planned.id);
    const told: unknown[] = await engine.app
      .get(DataSource)
      .query(
        `SELECT 1 FROM jobs.job WHERE name LIKE 'event.execution%' AND data -> 'payload' ->> 'execution_id' = $1`,
        [planned.id],
      );
    expect(told).toEqual([]);
  });
});
