import type { AlertDto, CredentialDto, ExecutionDto, HostKeyDto, PageDto, TargetDto } from '@aiops/contracts';
import { sshdAvailable, startSshd, until, type Sshd } from '@aiops/testing';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';

const over = ['succeeded', 'failed', 'rolled_back', 'needs_attention', 'timed_out'];

/** Nobody but a person accepts a host key: not a run that was started by hand, and not one that a rule started. */
describe.runIf(sshdAvailable())('a host key that nobody accepted (R1.4)', () => {
  let engine: TestEngine;
  let sshd: Sshd;
  let folder: string;
  let target: TargetDto;
  let mark: string;
  let runbookId: string;

  beforeAll(async () => {
    engine = await startTestEngine();
    sshd = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'aiops-unknown-key-'));
    mark = join(folder, 'mark');
    const credential = await engine.api<CredentialDto>('POST', '/credentials', {
      body: { name: 'key', kind: 'ssh_key', secret: sshd.privateKey },
    });
    const { host, port, username } = sshd;
    const made = await engine.api<TargetDto>('POST', '/targets', {
      body: { name: 'web-1', host, port, username, credential_id: credential.body.id },
    });
    target = made.body;
    const yaml = `name: touch-mark
description: Leaves a mark
category: test
trigger: { alert_name: Unmarked }
targets: { names: [web-1] }
safety: { cooldown: 0s }
steps:
  - name: Leave a mark
    command: "touch ${mark}"
`;
    const runbook = await engine.api<{ id: string }>('POST', '/runbooks', { body: { yaml } });
    runbookId = runbook.body.id;
  });
  afterAll(async () => {
    await engine.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  const keys = async () =>
    (await engine.api<PageDto<HostKeyDto>>('GET', `/targets/${target.id}/host-keys`)).body.data;
  const ended = (id: string) =>
    until(
      async () => {
        const { body } = await engine.api<ExecutionDto>('GET', `/executions/${id}`);
        return over.includes(body.status) ? body : undefined;
      },
      { description: 'the run to end' },
    );
  const expectAsked = async (execution: ExecutionDto): Promise<void> => {
    expect(execution.status).toBe('failed');
    const told = [execution.reason, ...execution.steps.map(({ reason }) => reason)].join('\n');
    expect(told).toContain(`presented the host key ${sshd.hostKeyFingerprint()}`);
    expect(told).toContain('accept it under Targets › web-1');
    expect(existsSync(mark)).toBe(false);
    expect(await keys()).toMatchObject([
      { status: 'pending', fingerprint: sshd.hostKeyFingerprint(), accepted_by: null },
    ]);
  };

  it('is offered and not accepted by a run that a person started, however often', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const asked = await engine.api<ExecutionDto>('POST', `/runbooks/${runbookId}/execute`, { body: {} });
      expect(asked.status).toBe(202);
      await expectAsked(await ended(asked.body.id));
    }
  });

  it('is offered and not accepted by a check of the connection', async () => {
    const check = await engine.api<{ ok: boolean }>('POST', `/targets/${target.id}/test`);
    expect(check.body.ok).toBe(false);
    expect(await keys()).toMatchObject([{ status: 'pending' }]);
  });

  it('is offered and not accepted by a run that a rule started; after a person accepted it the next one goes through', async () => {
    await engine.api('POST', '/rules', {
      body: {
        name: 'mark',
        priority: 1,
        matchers: [{ name: 'alertname', op: '=~', value: 'Unmarked.*' }],
        action: 'auto',
        runbook_id: runbookId,
      },
    });
    const runFor = async (alertname: string): Promise<ExecutionDto> => {
      const body = [{ labels: { alertname, severity: 'high' } }];
      await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
      const run = await until(
        async () => {
          const [alert] = (await engine.api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${alertname}`)).body
            .data;
          const list = await engine.api<PageDto<ExecutionDto>>(
            'GET',
            `/executions?alert_id=${alert?.id ?? ''}`,
          );
          return alert === undefined ? undefined : list.body.data[0];
        },
        { description: 'the rule to start a run' },
      );
      return ended(run.id);
    };
    const first = await runFor('Unmarked');
    expect(first.trigger).toBe('rule');
    await expectAsked(first);
    const [key] = await keys();
    await engine.api('POST', `/targets/${target.id}/host-keys/${key?.id ?? ''}/accept`);
    const asked = await engine.api<ExecutionDto>('POST', `/runbooks/${runbookId}/execute`, { body: {} });
    expect(await ended(asked.body.id)).toMatchObject({ status: 'succeeded' });
    expect(existsSync(mark)).toBe(true);
  });
});
