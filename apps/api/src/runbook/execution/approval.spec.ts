import type { AlertDto, ExecutionDto, PageDto, RunbookDto } from '@aiops/contracts';
import { sshdAvailable, until } from '@aiops/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from './execution.fixture.js';
import type { ExecutionRequest } from './execution.request.js';
import { ExecutionService } from './execution.service.js';

const rule = { kind: 'rule' as const, id: null, name: 'restart web' };

describe.runIf(sshdAvailable())('approval', () => {
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

  let alerts = 0;
  /** A firing alert with these labels, as Prometheus would push it. */
  async function fire(labels: Record<string, string> = {}, startsAt = new Date()): Promise<AlertDto> {
    const alertname = `Down${++alerts}`;
    const body = [
      {
        labels: { alertname, severity: 'critical', ...labels },
        annotations: { summary: 'it is down' },
        startsAt: startsAt.toISOString(),
      },
    ];
    const sent = await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
    expect(sent.status).toBe(200);
    return until(
      async () =>
        (await engine.api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${alertname}`)).body.data[0],
      { description: `alert ${alertname}` },
    );
  }
  const askByRule = (request: Partial<Omit<ExecutionRequest, 'trigger' | 'actor'>> & { runbookId: string }) =>
    engine.app.get(ExecutionService).request({ trigger: 'rule', approval: 'ask', actor: rule, ...request });
  const touches = (name: string, extra = '', step = '') =>
    yamlOf(host.target, `${extra}\nsteps: [{ name: Act, command: "echo ran >> ${host.path(name)}"${step} }]`);

  it('shows the plan, and what runs is what was approved', async () => {
    const runbook = await client.create(touches('approved', 'safety: { approval: required }'));
    const asked = await client.execute(runbook);
    expect(asked.status).toBe('awaiting_approval');
    expect(asked.plan).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      steps: [{ command: expect.stringContaining('echo ran') as unknown }],
    });
    expect(asked.approval_expires_at).not.toBeNull();
    expect((await client.act(asked.id, 'approve', { plan_hash: 'something else' })).status).toBe(409);
    expect((await client.get(asked.id)).status).toBe('awaiting_approval');
    const approved = await client.act(asked.id, 'approve', {
      plan_hash: asked.plan?.hash,
      note: 'seen with the shop’s owner',
    });
    expect(approved).toMatchObject({ status: 200, body: { approved_by: { name: 'admin' } } });
    const done = await client.untilStatus(asked.id, 'succeeded');
    expect(done.steps[0]?.command).toBe(asked.plan?.steps[0]?.command);
    expect(done.interventions).toMatchObject([
      { kind: 'approved', by: { name: 'admin' }, note: 'seen with the shop’s owner' },
    ]);
    expect(host.lines('approved')).toEqual(['ran']);
    expect((await client.act(asked.id, 'approve')).status).toBe(409);
  });

  it('is asked where the rule says so, and never for a runbook that needs none', async () => {
    const byRule = await client.create(touches('by-rule'));
    const never = await client.create(touches('never', 'safety: { approval: never }'));
    const alert = await fire();
    expect(await askByRule({ runbookId: byRule.id, alertId: alert.id })).toMatchObject({
      status: 'awaiting_approval',
      requestedBy: rule,
    });
    expect(await askByRule({ runbookId: never.id, alertId: alert.id })).toMatchObject({ status: 'queued' });
    expect((await client.execute(byRule)).status).toBe('queued');
  });

  it('that is refused runs nothing', async () => {
    const asked = await client.execute(
      await client.create(touches('refused', 'safety: { approval: required }')),
    );
    const rejected = await client.act(asked.id, 'reject', { reason: 'not now' });
    expect(rejected.body).toMatchObject({
      status: 'rejected',
      reason: 'Rejected by admin: not now',
      started_at: null,
    });
    expect(host.lines('refused')).toEqual([]);
  });

  it('given and refused at the same moment is one or the other, and whoever was slower is told', async () => {
    const runbook = await client.create(touches('both', 'safety: { approval: required }'));
    const asked = await client.execute(runbook);
    const answers = await Promise.all([client.act(asked.id, 'approve'), client.act(asked.id, 'reject')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const done = await client.untilStatus(asked.id, 'succeeded', 'rejected');
    expect(host.lines('both')).toEqual(answers[0].status === 200 ? ['ran'] : []);
    expect(done.status).toBe(answers[0].status === 200 ? 'succeeded' : 'rejected');
  });

  it('that nobody gives in time is a refusal', async () => {
    const asked = await client.execute(
      await client.create(touches('late', 'safety: { approval: required, approval_expires: 300ms }')),
    );
    const done = await client.untilStatus(asked.id, 'rejected');
    expect(done.reason).toContain('Nobody approved it in time');
    expect(host.lines('late')).toEqual([]);
  });

  it('is refused when the alert has cleared', async () => {
    const alert = await fire();
    const runbook = await client.create(touches('cleared'));
    const asked = await askByRule({ runbookId: runbook.id, alertId: alert.id });
    await engine.api('POST', `/alerts/${alert.id}/resolve`);
    const answer = await client.act(asked.id, 'approve');
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain('the alert has cleared');
    expect((await client.get(asked.id)).status).toBe('rejected');
    expect(host.lines('cleared')).toEqual([]);
  });

  it('of a runbook that was saved since is refused and asked anew with the new version', async () => {
    const yaml = touches('anew', 'safety: { approval: required }');
    const runbook = await client.create(yaml);
    const asked = await client.execute(runbook);
    await engine.api<RunbookDto>('PUT', `/runbooks/${runbook.id}`, { body: `${yaml}\ndescription: changed` });
    expect((await client.act(asked.id, 'approve', { plan_hash: asked.plan?.hash })).status).toBe(409);
    const all = (await engine.api<PageDto<ExecutionDto>>('GET', `/executions?runbook_id=${runbook.id}`)).body
      .data;
    expect(all.map(({ status, runbook: { version } }) => [status, version])).toEqual([
      ['awaiting_approval', 2],
      ['rejected', 1],
    ]);
    expect(all[1]?.reason).toContain(all[0]?.id);
    await client.act(all[0]?.id ?? '', 'approve', { plan_hash: all[0]?.plan?.hash });
    await client.untilStatus(all[0]?.id ?? '', 'succeeded');
    expect(host.lines('anew')).toEqual(['ran']);
  });

  it('of a hidden or disabled runbook is refused', async () => {
    const hidden = await client.create(touches('hidden', 'safety: { approval: required }'));
    const disabled = await client.create(touches('disabled', 'safety: { approval: required }'));
    const [a, b] = [await client.execute(hidden), await client.execute(disabled)];
    await engine.api('DELETE', `/runbooks/${hidden.id}`);
    await engine.api('POST', `/runbooks/${disabled.id}/disable`);
    for (const asked of [a, b]) {
      expect((await client.act(asked.id, 'approve')).status).toBe(409);
      expect((await client.get(asked.id)).status).toBe('rejected');
    }
  });

  it('does not cover a target that was changed after it was given', async () => {
    const other = await startHost(engine.api);
    const runbook = await client.create(`
name: changed-target
targets: { names: ["${other.target.name}"] }
steps:
  - { name: First, command: "echo first >> ${other.path('first')}" }
  - { name: Second, command: "echo second >> ${other.path('first')}", approval_required: true }`);
    const asked = await client.execute(runbook);
    const waiting = await client.untilStatus(asked.id, 'awaiting_approval');
    expect(waiting.steps.map((step) => step.status)).toEqual(['succeeded', 'awaiting_approval']);
    await engine.app
      .get(DataSource)
      .query(`UPDATE targets SET username = 'somebody' WHERE id = $1`, [other.target.id]);
    expect((await client.act(asked.id, 'approve')).status).toBe(409);
    expect((await client.get(asked.id)).status).toBe('rejected');
    expect(other.lines('first')).toEqual(['first']);
    await other.stop();
  });

  it('of one step is waited for there, and the step then runs on', async () => {
    const runbook = await client.create(
      yamlOf(
        host.target,
        `
steps:
  - { name: Look, command: "echo 42", register: found }
  - { name: Act, command: "echo {{ steps.found.stdout }} >> ${host.path('step')}", approval_required: true }`,
      ),
    );
    const asked = await client.execute(runbook);
    const waiting = await client.untilStatus(asked.id, 'awaiting_approval');
    expect(waiting.plan?.steps[1]).toMatchObject({
      unknown: ['steps.found.stdout'],
      approval_required: true,
    });
    expect(host.lines('step')).toEqual([]);
    await client.act(asked.id, 'approve', { plan_hash: asked.plan?.hash });
    await client.untilStatus(asked.id, 'succeeded');
    expect(host.lines('step')).toEqual(['42']);
  });

  it('and everything else that changes something is not for viewers', async () => {
    await engine.api('POST', '/users', {
      body: { username: 'vera', password: 'a long enough password', role: 'viewer' },
    });
    const login = await engine.api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username: 'vera', password: 'a long enough password' },
    });
    const runbook = await client.create(touches('viewer', 'safety: { approval: required }'));
    const asked = await client.execute(runbook);
    const token = login.body.access_token;
    expect((await engine.api('POST', `/executions/${asked.id}/approve`, { body: {}, token })).status).toBe(
      403,
    );
    expect((await engine.api('POST', `/executions/${asked.id}/cancel`, { body: {}, token })).status).toBe(
      403,
    );
    expect((await engine.api('POST', `/runbooks/${runbook.id}/execute`, { body: {}, token })).status).toBe(
      403,
    );
    expect((await engine.api('GET', `/executions/${asked.id}`, { token })).status).toBe(200);
  });

  describe('of what a rule starts', () => {
    it('needs a trigger whose every condition holds: name, labels, duration, occurrences', async () => {
      const alert = await fire({ job: 'web', instance: `${host.target.name}:9100` });
      const request = async (trigger: string) => {
        const runbook = await client.create(
          touches('trigger', `trigger: ${trigger}\nsafety: { cooldown: 0s }`),
        );
        return askByRule({ runbookId: runbook.id, alertId: alert.id }).then(
          () => 'asked',
          (error: Error) => error.message,
        );
      };
      expect(await request(`{ alert_name: "${alert.alert_name}", labels: { job: "w*" } }`)).toBe('asked');
      expect(await request(`{ alert_name: "Dow" }`)).toMatch(/does not match Dow/);
      expect(await request(`{ alert_name: "*", labels: { job: db } }`)).toMatch(
        /label job=web does not match db/,
      );
      expect(await request(`{ alert_name: "*", min_duration: 1h }`)).toMatch(/less than 3600000 ms/);
      expect(await request(`{ alert_name: "*", min_occurrences: 5 }`)).toMatch(/fewer than 5/);
      const old = await fire({ job: 'web' }, new Date(Date.now() - 2 * 3_600_000));
      const late = await client.create(
        touches('trigger', 'trigger: { alert_name: "*", min_duration: 1h }\nsafety: { cooldown: 0s }'),
      );
      await expect(askByRule({ runbookId: late.id, alertId: old.id })).resolves.toMatchObject({
        status: 'awaiting_approval',
      });
    });

    it('is nothing for an alert that is resolved', async () => {
      const alert = await fire();
      await engine.api('POST', `/alerts/${alert.id}/resolve`);
      const runbook = await client.create(touches('resolved'));
      await expect(askByRule({ runbookId: runbook.id, alertId: alert.id })).rejects.toThrow(
        'The alert is resolved',
      );
    });

    it('finds its target by a label with a port, and succeeds when the alert resolves', async () => {
      const alert = await fire({ instance: `${host.target.name}:9100` });
      const runbook = await client.create(`
name: from-label
targets: { from_label: instance }
steps: [{ name: Act, command: "echo {{ labels.instance }} >> ${host.path('label')}" }]
verify: [{ alert_resolved_within: 1m }]`);
      const asked = await askByRule({ runbookId: runbook.id, alertId: alert.id, approval: 'none' });
      const waiting = await client.until(
        asked.id,
        'waiting for the alert',
        ({ steps }) => steps[1]?.status === 'running',
      );
      expect(waiting).toMatchObject({ status: 'verifying', target: host.target.name });
      const leases: { lease_token: string | null }[] = await until(
        async () => {
          const rows: { lease_token: string | null }[] = await engine.app
            .get(DataSource)
            .query('SELECT lease_token FROM executions WHERE id = $1', [asked.id]);
          return rows[0]?.lease_token === null ? rows : null;
        },
        { description: 'the wait to hold no worker' },
      );
      expect(leases).toHaveLength(1);
      await engine.api('POST', `/alerts/${alert.id}/resolve`);
      await client.untilStatus(asked.id, 'succeeded');
      expect(host.lines('label')).toEqual([`${host.target.name}:9100`]);
    });

    it('fails and is rolled back when the alert does not resolve in time', async () => {
      const alert = await fire();
      const runbook = await client.create(
        yamlOf(
          host.target,
          `
steps: [{ name: Act, command: "true" }]
rollback: [{ name: Undo, command: "echo undone >> ${host.path('unresolved')}" }]
verify: [{ alert_resolved_within: 500ms }]`,
        ),
      );
      const asked = await askByRule({ runbookId: runbook.id, alertId: alert.id, approval: 'none' });
      const done = await client.untilStatus(asked.id, 'rolled_back');
      expect(done.reason).toContain('did not resolve in time');
      expect(host.lines('unresolved')).toEqual(['undone']);
    });
  });
});
