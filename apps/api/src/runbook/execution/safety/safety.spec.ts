import { writeFileSync } from 'node:fs';
import type { AlertDto, ExecutionDto, PageDto, RunbookDto } from '@aiops/contracts';
import { sshdAvailable, until } from '@aiops/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from '../execution.fixture.js';
import { ExecutionService } from '../execution.service.js';

const rule = { kind: 'rule' as const, id: null, name: 'restart web' };

describe.runIf(sshdAvailable())('safety', () => {
  let engine: TestEngine;
  let host: Host;
  let client: RunbookClient;
  let alert: AlertDto;
  beforeAll(async () => {
    engine = await startTestEngine();
    client = runbookClient(engine.api);
    host = await startHost(engine.api);
    const body = [{ labels: { alertname: 'Down', severity: 'critical' }, annotations: {} }];
    await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
    alert = await until(async () => (await engine.api<PageDto<AlertDto>>('GET', '/alerts')).body.data[0], {
      description: 'an alert',
    });
  });
  afterAll(async () => {
    await engine.stop();
    await host.stop();
  });

  const steps = (command: string) => `steps: [{ name: Act, command: "${command}" }]`;
  const tryExecute = (runbook: RunbookDto) =>
    engine.api<ExecutionDto & { detail: string }>('POST', `/runbooks/${runbook.id}/execute`);
  const ended = (id: string) =>
    client.untilStatus(id, 'succeeded', 'failed', 'rejected', 'cancelled', 'rolled_back', 'timed_out');

  it('lets one execution at a time work on a target, in the order in which they came', async () => {
    const wait = `echo begin >> ${host.path('turns')}; while [ ! -e ${host.path('go')} ]; do sleep 0.05; done; echo end >> ${host.path('turns')}`;
    const first = await client.execute(await client.create(yamlOf(host.target, steps(wait))));
    await until(() => host.lines('turns').length === 1, { description: 'the first to begin' });
    const second = await client.execute(
      await client.create(yamlOf(host.target, steps(`echo second >> ${host.path('turns')}`))),
    );
    const third = await client.execute(
      await client.create(yamlOf(host.target, steps(`echo third >> ${host.path('turns')}`))),
    );
    const waiting = await client.until(second.id, 'waiting', (execution) => execution.reason !== null);
    expect(waiting).toMatchObject({ status: 'queued', reason: expect.stringContaining(first.id) as unknown });
    await until(async () => (await client.get(third.id)).reason?.includes(host.target.name), {
      description: 'the third to wait',
    });
    writeFileSync(host.path('go'), '');
    for (const { id } of [first, second, third]) await client.untilStatus(id, 'succeeded');
    expect(host.lines('turns')).toEqual(['begin', 'end', 'second', 'third']);
  });

  it('keeps a runbook off a target until its cooldown is over, whoever asks', async () => {
    const runbook = await client.create(yamlOf(host.target, `safety: { cooldown: 1h }\n${steps('true')}`));
    await ended((await client.execute(runbook)).id);
    const refused = await tryExecute(runbook);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/cooldown of 1h ends at/);
    await engine.app
      .get(DataSource)
      .query(
        `UPDATE executions SET finished_at = finished_at - interval '61 minutes' WHERE runbook_id = $1`,
        [runbook.id],
      );
    expect((await ended((await client.execute(runbook)).id)).status).toBe('succeeded');
  });

  it('refuses at its start what was queued behind a run of the same runbook', async () => {
    const gate = host.path('gate');
    const holder = await client.create(
      yamlOf(host.target, steps(`while [ ! -e ${gate} ]; do sleep 0.05; done`)),
    );
    const runbook = await client.create(yamlOf(host.target, `safety: { max_per_hour: 1 }\n${steps('true')}`));
    // Another run holds the target, so that both wait and neither has started when the other is asked for.
    await client.execute(holder);
    const [first, second] = [await client.execute(runbook), await client.execute(runbook)];
    writeFileSync(gate, '');
    expect((await ended(first.id)).status).toBe('succeeded');
    const refused = await ended(second.id);
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('1 is the most') as unknown,
      started_at: null,
    });
    expect((await tryExecute(runbook)).status).toBe(409);
  });

  it('stops automatic runs after three failures in a row, lets one trial through after a pause, and closes on success', async () => {
    const runbook = await client.create(yamlOf(host.target, steps(`test -e ${host.path('healed')}`)));
    const automatic = () =>
      engine.app.get(ExecutionService).request({
        runbookId: runbook.id,
        alertId: alert.id,
        trigger: 'rule',
        approval: 'none',
        actor: rule,
      });
    const breaker = async () => (await engine.api<RunbookDto>('GET', `/runbooks/${runbook.id}`)).body.breaker;
    const pauseOver = () =>
      engine.app
        .get(DataSource)
        .query(`UPDATE runbooks SET breaker_retry_at = now() - interval '1 second' WHERE id = $1`, [
          runbook.id,
        ]);
    for (let round = 0; round < 3; round++) await ended((await automatic()).id);
    expect(await breaker()).toMatchObject({ state: 'open', failures: 3 });
    await expect(automatic()).rejects.toThrow(/circuit breaker is open after 3 failures/);

    await pauseOver();
    const trial = await automatic();
    expect((await breaker()).state).toBe('half_open');
    await expect(automatic()).rejects.toThrow(/one trial run is already under way/);
    await ended(trial.id);
    expect(await breaker()).toMatchObject({ state: 'open', failures: 4 });

    await pauseOver();
    writeFileSync(host.path('healed'), '');
    await ended((await automatic()).id);
    expect(await breaker()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('lets a person run a paused runbook', async () => {
    const runbook = await client.create(yamlOf(host.target, steps('true')));
    await engine.app
      .get(DataSource)
      .query(
        `UPDATE runbooks SET breaker_state = 'open', breaker_failures = 3, breaker_retry_at = now() + interval '1 hour' WHERE id = $1`,
        [runbook.id],
      );
    expect((await ended((await client.execute(runbook)).id)).status).toBe('succeeded');
    expect((await engine.api<RunbookDto>('GET', `/runbooks/${runbook.id}`)).body.breaker.state).toBe(
      'closed',
    );
  });

  it('does not let a slow execution hold up others', async () => {
    const other = await startHost(engine.api);
    const slow = await client.execute(await client.create(yamlOf(host.target, steps('sleep 60'))));
    const quick = await client.execute(await client.create(yamlOf(other.target, steps('true'))));
    await client.untilStatus(quick.id, 'succeeded');
    expect((await client.get(slow.id)).status).toBe('running');
    await client.act(slow.id, 'cancel');
    await client.untilStatus(slow.id, 'cancelled');
    await other.stop();
  });

  it('ends an execution that no worker can read any more instead of trying for ever', async () => {
    const first = await client.execute(await client.create(yamlOf(host.target, steps('sleep 60'))));
    const second = await client.execute(await client.create(yamlOf(host.target, steps('true'))));
    await client.until(second.id, 'waiting', (execution) => execution.reason !== null);
    await engine.app
      .get(DataSource)
      .query('UPDATE executions SET runbook_version_id = id WHERE id = $1', [second.id]);
    await client.act(first.id, 'cancel');
    const done = await client.untilStatus(second.id, 'cancelled');
    expect(done.reason).toContain('has no runbook version');
  });

  it('ends the remote processes on cancel, and no late result overwrites it', async () => {
    const runbook = await client.create(
      yamlOf(
        host.target,
        `
steps:
  - { name: Long, command: "echo $$ > ${host.path('long')}; sleep 300; echo late >> ${host.path('long')}", retries: { attempts: 3 } }
  - { name: Next, command: "echo next >> ${host.path('long')}" }`,
      ),
    );
    const execution = await client.execute(runbook);
    const [pid] = await until(() => (host.lines('long').length > 0 ? host.lines('long') : null), {
      description: 'the command to run',
    });
    const asked = await client.act(execution.id, 'cancel', { reason: 'wrong host' });
    expect(asked.body.cancel_requested || asked.body.status === 'cancelled').toBe(true);
    const done = await client.untilStatus(execution.id, 'cancelled');
    expect(done).toMatchObject({
      reason: 'Cancelled by admin: wrong host',
      steps: [{ status: 'cancelled', attempt: 1 }, { status: 'cancelled' }],
    });
    expect(() => process.kill(Number(pid), 0)).toThrow();
    expect((await client.act(execution.id, 'cancel')).status).toBe(409);
    expect(host.lines('long')).toHaveLength(1);
  });

  it('asks a person when a connection is lost in a step that must not be repeated, and does what they say', async () => {
    const other = await startHost(engine.api);
    const runbook = await client.create(
      yamlOf(
        other.target,
        `
steps:
  - { name: Once, command: "echo once >> ${other.path('once')}; sleep 30" }
  - { name: Then, command: "echo then >> ${other.path('once')}" }`,
      ),
    );
    const execution = await client.execute(runbook);
    await until(() => other.lines('once').length === 1, { description: 'the step to run' });
    other.sshd.cutConnections();
    const stuck = await client.untilStatus(execution.id, 'needs_attention');
    expect(stuck.steps[0]).toMatchObject({ status: 'interrupted', attempt: 1 });
    await client.act(execution.id, 'resume', { decision: 'skip' });
    const done = await client.untilStatus(execution.id, 'succeeded');
    expect(done.steps.map((step) => step.status)).toEqual(['skipped', 'succeeded']);
    expect(other.lines('once')).toEqual(['once', 'then']);
    await other.stop();
  });
});
