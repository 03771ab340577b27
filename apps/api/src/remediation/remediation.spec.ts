import type {
  AlertDto,
  AlertTimelineEntryDto,
  AnalysisDto,
  CredentialDto,
  ExecutionDto,
  HostKeyDto,
  PageDto,
  RuleDto,
  RuleTestResult,
  RunbookDto,
  TargetDto,
} from '@aiops/contracts';
import { sshdAvailable, startSshd, until, type Sshd } from '@aiops/testing';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';

const final = ['succeeded', 'failed', 'rolled_back', 'rejected'];

describe.runIf(sshdAvailable())('remediation', () => {
  let engine: TestEngine;
  let sshd: Sshd;
  let folder: string;
  let marks: string;
  let count = 0;

  beforeAll(async () => {
    engine = await startTestEngine();
    sshd = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'aiops-remediation-'));
    const credential = await engine.api<CredentialDto>('POST', '/credentials', {
      body: { name: 'key', kind: 'ssh_key', secret: sshd.privateKey },
    });
    const { host, port, username } = sshd;
    const target = await engine.api<TargetDto>('POST', '/targets', {
      body: { name: 'web-1', host, port, username, credential_id: credential.body.id },
    });
    await engine.api('POST', `/targets/${target.body.id}/test`);
    const keys = await engine.api<PageDto<HostKeyDto>>('GET', `/targets/${target.body.id}/host-keys`);
    await engine.api('POST', `/targets/${target.body.id}/host-keys/${keys.body.data[0]?.id ?? ''}/accept`);
  });
  afterAll(async () => {
    await engine.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    marks = join(folder, `marks-${++count}`);
  });

  /** A rule for an alert of its own, and a runbook that leaves a mark on the host each time it runs. */
  async function prepare(action: RuleDto['action'], trigger = '', safety = ''): Promise<string> {
    const name = `Alert${++count}`;
    const yaml = `name: run-${count}
description: Leaves a mark
category: test
trigger: { alert_name: ${name}${trigger} }
targets: { names: [web-1] }
safety: { cooldown: 0s${safety} }
steps:
  - name: Leave a mark
    command: "echo ran >> ${marks}"
`;
    const runbook = await engine.api<RunbookDto>('POST', '/runbooks', { body: { yaml } });
    expect(runbook.status).toBe(201);
    const rule = await engine.api('POST', '/rules', {
      body: {
        name: `rule ${count}`,
        priority: count,
        matchers: [{ name: 'alertname', op: '=', value: name }],
        action,
        runbook_id: runbook.body.id,
      },
    });
    expect(rule.status).toBe(201);
    return name;
  }
  async function send(alertname: string, over: object = {}): Promise<void> {
    const body = [{ labels: { alertname, severity: 'high' }, ...over }];
    const sent = await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
    expect(sent.status).toBe(200);
  }
  const alertOf = (name: string) =>
    until(
      async () => (await engine.api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${name}`)).body.data[0],
      {
        description: `the alert ${name}`,
      },
    );
  const timeline = async (id: string) =>
    (await engine.api<PageDto<AlertTimelineEntryDto>>('GET', `/alerts/${id}/timeline?page_size=100`)).body
      .data;
  const executions = async (id: string) =>
    (await engine.api<PageDto<ExecutionDto>>('GET', `/executions?alert_id=${id}`)).body.data;
  const told = (id: string, kind: string) =>
    until(async () => (await timeline(id)).find((entry) => entry.kind === kind), {
      description: `${kind} on the timeline`,
    });
  const ended = (id: string) =>
    until(async () => (await executions(id)).find(({ status }) => final.includes(status)), {
      description: 'a run to end',
    });
  const runs = (): number => (existsSync(marks) ? readFileSync(marks, 'utf8').trim().split('\n').length : 0);

  it('really runs what is set to run automatically, and the alert says so', async () => {
    const name = await prepare('auto');
    await send(name);
    const alert = await alertOf(name);
    expect(await ended(alert.id)).toMatchObject({ status: 'succeeded', trigger: 'rule', dry_run: false });
    expect(runs()).toBe(1);
    await until(async () => (await alertOf(name)).remediation === 'fixed', {
      description: 'the alert to be called fixed',
    });
    expect((await told(alert.id, 'execution_finished')).summary).toContain('succeeded');
  });

  it('does not run again when the same alert is delivered again and again', async () => {
    const name = await prepare('auto');
    await send(name);
    const alert = await alertOf(name);
    await ended(alert.id);
    for (let delivery = 0; delivery < 5; delivery++) await send(name);
    await until(async () => (await alertOf(name)).occurrences === 6, {
      description: 'all deliveries to be counted',
    });
    expect(await executions(alert.id)).toHaveLength(1);
    expect(runs()).toBe(1);
  });

  it('asks for approval what would run automatically, while automatic execution is switched off (R5.3)', async () => {
    const flag = (enabled: boolean) =>
      engine.api('PATCH', '/feature-flags/automatic_execution', { body: { enabled } });
    expect((await flag(false)).status).toBe(200);
    const name = await prepare('auto');
    await send(name);
    const alert = await alertOf(name);
    const asked = await until(
      async () => (await executions(alert.id)).find(({ status }) => status === 'awaiting_approval'),
      { description: 'a person to be asked' },
    );
    expect((await told(alert.id, 'rule_matched')).summary).toContain('automatic execution is switched off');
    expect(runs()).toBe(0);
    expect((await flag(true)).status).toBe(200);
    // What was asked stays asked: somebody decides.
    expect((await engine.api('POST', `/executions/${asked.id}/approve`)).status).toBe(200);
    expect(await ended(alert.id)).toMatchObject({ status: 'succeeded' });
    const next = await prepare('auto');
    await send(next);
    expect(await ended((await alertOf(next)).id)).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['ignore', 'ignored'],
    ['observe', 'observed'],
    ['suggest', 'suggested'],
  ] as const)('runs nothing with "%s"', async (action, remediation) => {
    const name = await prepare(action);
    await send(name);
    const alert = await alertOf(name);
    await until(async () => (await alertOf(name)).remediation === remediation, {
      description: `the alert to be ${remediation}`,
    });
    await told(alert.id, 'rule_matched');
    expect(await executions(alert.id)).toEqual([]);
    expect(runs()).toBe(0);
  });

  it('waits for approval where the rule says so, and shows it on the alert', async () => {
    const name = await prepare('approve');
    await send(name);
    const alert = await alertOf(name);
    await until(async () => (await alertOf(name)).remediation === 'awaiting_approval', {
      description: 'the wait',
    });
    const [execution] = await executions(alert.id);
    expect(execution).toMatchObject({ status: 'awaiting_approval' });
    expect(runs()).toBe(0);
    await engine.api('POST', `/executions/${execution?.id ?? ''}/approve`, {
      body: { plan_hash: execution?.plan?.hash },
    });
    expect(await ended(alert.id)).toMatchObject({ status: 'succeeded', approved_by: { name: 'admin' } });
    expect(runs()).toBe(1);
  });

  it('starts nothing for an alert that is first seen when it is already resolved', async () => {
    const name = await prepare('auto');
    const past = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await send(name, { startsAt: past(10), endsAt: past(5) });
    const alert = await alertOf(name);
    expect(alert.status).toBe('resolved');
    // A later alert has gone all the way: whatever the first would have started is there by now.
    const other = await prepare('auto');
    await send(other);
    await ended((await alertOf(other)).id);
    expect(await executions(alert.id)).toEqual([]);
  });

  it('counts occurrences before it runs', async () => {
    const name = await prepare('auto', ', min_occurrences: 3');
    await send(name);
    const alert = await alertOf(name);
    expect((await told(alert.id, 'rule_matched')).summary).toContain('waits');
    expect(await executions(alert.id)).toEqual([]);
    await send(name);
    await send(name);
    expect(await ended(alert.id)).toMatchObject({ status: 'succeeded' });
    expect(runs()).toBe(1);
  });

  it('lets the alert fire for as long as the trigger wants before it runs', async () => {
    const name = await prepare('auto', ', min_duration: 2s');
    await send(name);
    const alert = await alertOf(name);
    expect((await told(alert.id, 'rule_matched')).summary).toContain('waits');
    const execution = await ended(alert.id);
    expect(Date.parse(execution.created_at) - Date.parse(alert.starts_at)).toBeGreaterThanOrEqual(2_000);
  });

  it('says on the timeline why a run was refused', async () => {
    const name = await prepare('auto', '', ', max_per_hour: 1');
    await send(name, { labels: { alertname: name, instance: 'a' } });
    await until(() => runs() === 1, { description: 'the first run' });
    await send(name, { labels: { alertname: name, instance: 'b' } });
    const second = await until(
      async () =>
        (await engine.api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${name}&label.instance=b`)).body
          .data[0],
      { description: 'the second alert' },
    );
    expect((await told(second.id, 'execution_refused')).summary).toContain('was not run');
    expect(runs()).toBe(1);
  });

  it('analyses with what happened before', async () => {
    const name = await prepare('auto');
    await send(name);
    const first = await alertOf(name);
    await ended(first.id);
    const asked = await engine.api('POST', `/alerts/${first.id}/analyze`);
    expect(asked.status).toBe(202);
    const analysis = await until(
      async () =>
        (await engine.api<PageDto<AnalysisDto>>('GET', `/alerts/${first.id}/analyses`)).body.data.find(
          ({ status, summary }) => status === 'completed' && (summary ?? '').includes('fixed it'),
        ),
      { description: 'an analysis that knows of the run' },
    );
    expect(analysis).toMatchObject({ provider: 'template', hops: [{ provider: 'template', outcome: 'ok' }] });
    expect(analysis.summary).toContain('fixed it 1 of 1 time');
  });

  it('tries a rule on stored alerts and changes nothing', async () => {
    const name = await prepare('suggest');
    await send(name);
    await alertOf(name);
    const tested = await engine.api<RuleTestResult>('POST', '/rules/test', {
      body: { matchers: [{ name: 'alertname', op: '=~', value: name }] },
    });
    expect(tested.body.matched).toMatchObject([{ alert_name: name, trigger_matches: null }]);
    const wrong = await engine.api('POST', '/rules/test', {
      body: { matchers: [{ name: 'a', op: '=~', value: '(' }] },
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body['errors']).toMatchObject([{ field: 'matchers.0.value' }]);
  });

  it('wants a runbook for rules that run one', async () => {
    const body = { name: 'no runbook', matchers: [{ name: 'a', op: '=', value: 'b' }], action: 'auto' };
    const refused = await engine.api('POST', '/rules', { body });
    expect(refused.body['errors']).toMatchObject([{ field: 'runbook_id' }]);
  });
});
