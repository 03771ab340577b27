import type {
  ApiKeyCreatedDto,
  ExecutionDto,
  LoginResponse,
  Problem,
  Role,
  RunbookAccessDto,
  RunbookDto,
} from '@aiops/contracts';
import { sshdAvailable } from '@aiops/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import {
  runbookClient,
  startHost,
  yamlOf,
  type Host,
  type RunbookClient,
} from '../execution/execution.fixture.js';
import { ExecutionService } from '../execution/execution.service.js';

const password = 'a long enough password';
const open = {
  risk: 'low',
  run: { role: 'responder', users: [] },
  approve: { role: 'responder', users: [] },
  self_approval: true,
};

describe.runIf(sshdAvailable())('access to a runbook', () => {
  let engine: TestEngine;
  let host: Host;
  let client: RunbookClient;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    engine = await startTestEngine();
    client = runbookClient(engine.api);
    host = await startHost(engine.api);
    for (const [name, role] of [
      ['ann', 'responder'],
      ['rob', 'responder'],
      ['eva', 'engineer'],
      ['ed', 'engineer'],
      ['vera', 'viewer'],
    ] as const) {
      const display_name = name.replace(/^./, (letter) => letter.toUpperCase());
      await engine.api('POST', '/users', { body: { username: name, display_name, role, password } });
      const body = { username: name, password };
      const login = await engine.api<LoginResponse>('POST', '/auth/login', { token: null, body });
      tokens[name] = login.body.access_token;
    }
  });
  afterAll(async () => {
    await engine.stop();
    await host.stop();
  });

  const make = (name: string, extra = '') =>
    client.create(
      yamlOf(host.target, `${extra}\nsteps: [{ name: Act, command: "echo ran >> ${host.path(name)}" }]`),
    );
  const key = async (role: Role, scopes: string[]): Promise<string> => {
    const body = { name: `a ${role}'s`, role, scopes };
    return (await engine.api<ApiKeyCreatedDto>('POST', '/api-keys', { body })).body.key;
  };
  const as = (name: string): string => tokens[name] ?? name;
  const run = (runbook: RunbookDto, name: string, body: object = {}) =>
    engine.api<ExecutionDto & { detail?: string }>('POST', `/runbooks/${runbook.id}/execute`, {
      token: as(name),
      body,
    });
  const approve = (id: string, name: string) =>
    engine.api<ExecutionDto & { detail?: string }>('POST', `/executions/${id}/approve`, {
      token: as(name),
      body: {},
    });
  const set = (runbook: RunbookDto, access: object, token: string = engine.adminToken) =>
    engine.api<RunbookAccessDto & Partial<Problem>>('PUT', `/runbooks/${runbook.id}/access`, {
      token,
      body: access,
    });
  const look = async (runbook: RunbookDto, name: string) =>
    (await engine.api<RunbookAccessDto>('GET', `/runbooks/${runbook.id}/access`, { token: as(name) })).body;

  it('is closed to responders’ approval until somebody says that the risk is low', async () => {
    const runbook = await make('default');
    expect(await look(runbook, 'ann')).toEqual({
      risk: 'high',
      run: { role: 'responder', users: [] },
      approve: { role: 'engineer', users: [] },
      self_approval: true,
      is_default: true,
      who_may_run: 'responders and above',
      who_may_approve: 'engineers and above',
      you: { may_run: true, must_ask: true, may_approve: false },
      updated_by: null,
      updated_at: null,
    });
    const asked = await run(runbook, 'ann');
    expect(asked.body.status).toBe('awaiting_approval');
    const refused = await approve(asked.body.id, 'rob');
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      `You may not approve ${runbook.name}. Who may: engineers and above.`,
    ]);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await client.get(asked.body.id)).status).toBe('awaiting_approval');
    expect((await approve(asked.body.id, 'eva')).status).toBe(200);
    await client.untilStatus(asked.body.id, 'succeeded');
    expect((await run(runbook, 'eva')).body.status).toBe('queued');
    await set(runbook, open);
    expect((await run(runbook, 'ann')).body.status).toBe('queued');
  });

  it('lets run only whom it names, by themselves or by their role', async () => {
    const runbook = await make('run');
    await set(runbook, { ...open, run: { role: 'engineer', users: ['Ann'] } });
    const refused = await run(runbook, 'rob');
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      `You may not run ${runbook.name}. Who may: engineers and above, or Ann.`,
    ]);
    expect((await run(runbook, 'rob', { dry_run: true })).status).toBe(403);
    expect((await run(runbook, 'ann')).status).toBe(202);
    expect((await run(runbook, await key('responder', ['run']))).status).toBe(403);
    expect((await run(runbook, await key('engineer', ['run']))).status).toBe(202);
  });

  it('holds for API keys as for people when they approve', async () => {
    const asked = await run(await make('key'), 'ann');
    expect((await approve(asked.body.id, await key('responder', ['approve']))).status).toBe(403);
    expect((await approve(asked.body.id, await key('engineer', ['approve']))).status).toBe(200);
  });

  it('counts as it is at the moment of the approval', async () => {
    const runbook = await make('moment', 'safety: { approval: required }');
    await set(runbook, open);
    const asked = await run(runbook, 'ann');
    await set(runbook, { ...open, risk: 'high', approve: { role: 'engineer', users: [] } });
    expect((await approve(asked.body.id, 'ann')).status).toBe(403);
    await set(runbook, { ...open, risk: 'high', approve: { role: null, users: ['rob'] } });
    const engineer = await approve(asked.body.id, 'eva');
    expect([engineer.status, engineer.body.detail]).toEqual([
      403,
      `You may not approve ${runbook.name}. Who may: only Rob.`,
    ]);
    expect((await approve(asked.body.id, 'rob')).status).toBe(200);
  });

  it('with four eyes makes every run of a person wait for a second one', async () => {
    const runbook = await make('eyes', 'safety: { approval: never }');
    await set(runbook, { ...open, self_approval: false });
    const asked = await run(runbook, 'eva');
    expect(asked.body.status).toBe('awaiting_approval');
    const own = await approve(asked.body.id, 'eva');
    expect([own.status, own.body.detail]).toEqual([
      403,
      `You asked for this run yourself, and ${runbook.name} needs a second person. Who may: responders and above.`,
    ]);
    expect((await approve(asked.body.id, await key('admin', ['api']))).body.detail).toContain(
      'second person',
    );
    expect((await approve(asked.body.id, 'ann')).status).toBe(200);
    await client.untilStatus(asked.body.id, 'succeeded');
    expect(host.lines('eyes')).toEqual(['ran']);
  });

  it('with four eyes sees through a key to who made it', async () => {
    const runbook = await make('through');
    await set(runbook, { ...open, self_approval: false });
    const asked = await run(runbook, await key('engineer', ['run']));
    expect(asked.body).toMatchObject({ status: 'awaiting_approval', requested_by: { kind: 'api_key' } });
    const byMaker = await approve(asked.body.id, engine.adminToken);
    expect([byMaker.status, byMaker.body.detail]).toEqual([
      403,
      expect.stringContaining('You asked for this run yourself'),
    ]);
    expect((await approve(asked.body.id, 'ann')).status).toBe(200);
  });

  it('leaves refusals in the audit log', async () => {
    const runbook = await make('refusals');
    await set(runbook, {
      ...open,
      risk: 'high',
      run: { role: 'engineer', users: [] },
      approve: { role: 'admin', users: [] },
    });
    await run(runbook, 'ann');
    const asked = await run(runbook, 'eva');
    await approve(asked.body.id, 'eva');
    const entries: object[] = await engine.app.get(DataSource).query(
      `SELECT action, outcome, actor_name, subject_id FROM audit_log
         WHERE subject_name = $1 AND outcome = 'refused' ORDER BY occurred_at`,
      [runbook.name],
    );
    expect(entries).toEqual([
      { action: 'execution.requested', outcome: 'refused', actor_name: 'ann', subject_id: null },
      { action: 'execution.approved', outcome: 'refused', actor_name: 'eva', subject_id: asked.body.id },
    ]);
  });

  it('leaves alone what a rule starts, since an engineer wrote the rule', async () => {
    const runbook = await make('rule');
    await set(runbook, {
      ...open,
      risk: 'high',
      run: { role: 'admin', users: [] },
      approve: { role: 'admin', users: [] },
      self_approval: false,
    });
    const actor = { kind: 'rule' as const, id: null, name: 'restart web' };
    const alertname = 'AccessByRule';
    const body = [{ labels: { alertname, severity: 'critical' }, startsAt: new Date().toISOString() }];
    await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
    const alerts = await engine.api<{ data: { id: string }[] }>('GET', `/alerts?alert_name=${alertname}`);
    const alertId = alerts.body.data[0]?.id ?? '';
    const request = { runbookId: runbook.id, alertId, trigger: 'rule' as const, actor };
    const executions = engine.app.get(ExecutionService, { strict: false });
    expect(await executions.request({ ...request, approval: 'none' })).toMatchObject({ status: 'queued' });
  });

  it('lets a responder end an interrupted run, and only approvers go on with it', async () => {
    const asked = await run(await make('interrupted'), 'ann');
    const { id } = asked.body;
    // As a worker that died leaves it.
    await engine.app
      .get(DataSource)
      .query(`UPDATE executions SET status = 'needs_attention', wake_at = NULL WHERE id = $1`, [id]);
    const resume = (name: string, decision: string) =>
      engine.api<Problem>('POST', `/executions/${id}/resume`, { token: as(name), body: { decision } });
    for (const decision of ['retry', 'skip']) {
      const refused = await resume('ann', decision);
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        expect.stringContaining('Who may: engineers and above.'),
      ]);
    }
    expect((await resume('ann', 'abort')).status).not.toBe(403);
  });

  it('is set by engineers, in the audit log, and looser only by who may approve', async () => {
    const runbook = await make('set');
    const byEva = await set(runbook, { ...open, approve: { role: 'admin', users: ['eva'] } }, as('eva'));
    expect(byEva.status).toBe(200);
    expect(byEva.body).toMatchObject({
      is_default: false,
      approve: { role: 'admin', users: ['eva'] },
      who_may_approve: 'administrators, or Eva',
      updated_by: 'eva',
      you: { may_approve: true, must_ask: false },
    });
    const byEd = await set(runbook, open, as('ed'));
    expect([byEd.status, byEd.body.detail]).toEqual([403, expect.stringContaining('administrators, or Eva')]);
    expect((await set(runbook, { ...open, self_approval: false }, as('eva'))).status).toBe(200);
    expect((await set(runbook, open, as('eva'))).status).toBe(403);
    expect((await set(runbook, open)).status).toBe(200);
    for (const name of ['ann', 'vera']) expect((await set(runbook, open, as(name))).status).toBe(403);
    const entries: { actor_name: string; before: object; after: object }[] = await engine.app
      .get(DataSource)
      .query(
        `SELECT actor_name, before, after FROM audit_log WHERE action = 'runbook.access_changed' AND subject_id = $1
         ORDER BY occurred_at`,
        [runbook.id],
      );
    expect(entries.map((entry) => entry.actor_name)).toEqual(['eva', 'eva', 'admin']);
    expect(entries[0]).toMatchObject({ before: { risk: 'high' }, after: { risk: 'low' } });
  });

  it('cannot be set so that nobody, nobody known or a viewer could use it', async () => {
    const runbook = await make('wrong');
    const fieldsOf = async (access: object) =>
      (await set(runbook, { ...open, ...access })).body.errors?.map(({ field }) => field);
    expect(await fieldsOf({ run: { role: null, users: [] } })).toEqual(['run.users']);
    expect(await fieldsOf({ run: { role: null, users: ['nobody'] } })).toEqual(['run.users']);
    expect(await fieldsOf({ approve: { role: null, users: ['vera'] } })).toEqual(['approve.users']);
    expect(await fieldsOf({ risk: 'high' })).toEqual(['approve.role']);
    expect(await fieldsOf({ run: { role: 'viewer', users: [] } })).toEqual(['run.role']);
    expect(await look(runbook, 'vera')).toMatchObject({
      is_default: true,
      you: { may_run: false, may_approve: false },
    });
    await engine.api('DELETE', `/runbooks/${runbook.id}`);
    expect((await set(runbook, open)).status).toBe(404);
    expect((await run(runbook, 'ann')).status).toBe(404);
  });
});
