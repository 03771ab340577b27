import type {
  AlertDto,
  AlertTimelineEntryDto,
  ApiKeyDto,
  CredentialDto,
  ExecutionDto,
  HostKeyDto,
  RunbookDto,
  TargetDto,
} from '@aiops/contracts';
import { createTestDatabase, freePort, sshdAvailable, startSshd, until, type Sshd } from '@aiops/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api } from '../src/engine/api.js';
import { startEngineProcess, type EngineProcess } from '../src/engine/engine-process.js';
import { startPatient, type Patient } from './patient.js';
import {
  alertmanagerAvailable,
  prometheusAvailable,
  startAlertmanager,
  startPrometheus,
  type Peer,
} from './peers.js';

const TARGET = 'shop-host';
const PASSWORD = 'acceptance password';
const MINUTE = 60_000;
const timelineOfAFix = ['rule_matched', 'execution_started', 'execution_finished', 'analysed', 'resolved'];

describe.runIf(sshdAvailable() && prometheusAvailable)('the main job with real peers', () => {
  let engine: EngineProcess;
  let sshd: Sshd;
  let patient: Patient;
  let api: Api;
  let dataDir: string;
  let database: { url: string; drop(): Promise<void> };
  const peers: Peer[] = [];

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'aiops-acceptance-'));
    database = await createTestDatabase({ key: 'empty', prepare: () => Promise.resolve() });
    engine = await startEngineProcess(
      {
        APP_ENV: 'test',
        AIOPS_DATA_DIR: dataDir,
        DATABASE_URL: database.url,
        ADMIN_PASSWORD: PASSWORD,
        OUTBOUND_ALLOWED: '127.0.0.1',
      },
      await freePort(),
    );
    sshd = await startSshd();
    patient = await startPatient();
    api = await Api.signIn(engine.url, 'admin', PASSWORD);
    await prepareEngine();
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) await peer.stop();
    patient.stop();
    await sshd.stop();
    await engine.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function prepareEngine(): Promise<void> {
    const credential = await api.post<CredentialDto>('/credentials', {
      name: 'key',
      kind: 'ssh_key',
      secret: sshd.privateKey,
    });
    const { host, port, username } = sshd;
    const target = await api.post<TargetDto>('/targets', {
      name: TARGET,
      host,
      port,
      username,
      credential_id: credential.id,
    });
    await api.post(`/targets/${target.id}/test`);
    const [key] = await api.list<HostKeyDto>(`/targets/${target.id}/host-keys`);
    expect(key?.fingerprint).toBe(sshd.hostKeyFingerprint());
    await api.post(`/targets/${target.id}/host-keys/${key?.id ?? ''}/accept`);
    const runbook = await api.post<RunbookDto>('/runbooks', { yaml: runbookYaml(patient) });
    await api.post('/rules', {
      name: 'mend the shop',
      matchers: [{ name: 'alertname', op: '=~', value: 'Service.*' }],
      action: 'auto',
      runbook_id: runbook.id,
    });
  }
  const ingestKey = async (): Promise<string> =>
    (await api.post<ApiKeyDto & { key: string }>('/api-keys', { name: 'sender', scopes: ['ingest'] })).key;

  async function expectProvenFix(source: string): Promise<void> {
    patient.break();
    const execution = await until(
      async () =>
        (await api.list<ExecutionDto>('/executions')).find((candidate) =>
          ['succeeded', 'failed', 'rolled_back', 'needs_attention'].includes(candidate.status),
        ),
      { description: 'an execution to end', timeoutMs: 2 * MINUTE, intervalMs: 200 },
    );
    expect(execution).toMatchObject({
      status: 'succeeded',
      trigger: 'rule',
      runbook: { name: 'mend-shop' },
      target: TARGET,
    });
    const alert = await until(
      async () => {
        const [found] = await api.list<AlertDto>('/alerts');
        return found?.status === 'resolved' && found.remediation === 'fixed' && found;
      },
      { description: 'the alert to be recorded as fixed', timeoutMs: MINUTE },
    );
    expect(alert).toMatchObject({
      alert_name: 'ServiceDown',
      source,
      severity: 'critical',
      labels: { service: 'shop', instance: `${TARGET}:9100` },
    });
    expect(execution.alert_id).toBe(alert.id);
    expect(patient.mendings()).toEqual(['mended']);
    expect((await api.list<AlertDto>('/alerts')).map(({ id }) => id)).toEqual([alert.id]);
    await until(
      async () => {
        const entries = await api.list<AlertTimelineEntryDto>(`/alerts/${alert.id}/timeline?page_size=100`);
        const kinds = new Set(entries.map((entry) => entry.kind));
        const missing = timelineOfAFix.filter((kind) => !kinds.has(kind));
        if (missing.length > 0)
          throw new Error(`missing: ${missing.join(', ')}; there: ${[...kinds].join(', ')}`);
        return true;
      },
      { description: 'the whole story on the timeline', timeoutMs: MINUTE },
    );
  }

  it.runIf(alertmanagerAvailable)(
    'goes from a metric over Prometheus, Alertmanager, us and a real sshd to the metric’s recovery, and we record success',
    async () => {
      const alertmanager = await startAlertmanager(
        `${engine.url}/api/v1/ingest/alertmanager`,
        await ingestKey(),
      );
      peers.push(alertmanager);
      const alertmanagers = `    - static_configs: [{ targets: ["127.0.0.1:${alertmanager.port}"] }]`;
      peers.push(
        await startPrometheus({
          metricsPort: patient.metricsPort,
          instance: `${TARGET}:9100`,
          alertmanagers,
        }),
      );
      await expectProvenFix('alertmanager');
    },
    5 * MINUTE,
  );

  it(
    'does the same when Prometheus pushes straight to us',
    async () => {
      const port = new URL(engine.url).port;
      const alertmanagers = [
        '    - path_prefix: /api/v1/ingest/prometheus',
        `      authorization: { credentials: ${await ingestKey()} }`,
        `      static_configs: [{ targets: ["127.0.0.1:${port}"] }]`,
      ].join('\n');
      peers.push(
        await startPrometheus({
          metricsPort: patient.metricsPort,
          instance: `${TARGET}:9100`,
          alertmanagers,
        }),
      );
      await expectProvenFix('prometheus');
    },
    5 * MINUTE,
  );
});

const runbookYaml = (patient: Patient): string => `name: mend-shop
description: Remove the stuck lock of the shop's queue
category: service-recovery
trigger:
  alert_name: ServiceDown
  labels: { service: shop }
parameters:
  - { name: service, type: string, required: true, from: "{{ labels.service }}", pattern: "^[a-z]+$" }
targets:
  from_label: instance
steps:
  - name: Mend it
    command: ${JSON.stringify(patient.fix)}
verify:
  - name: The lock is gone
    command: ${JSON.stringify(`test ! -e ${patient.lockFile} && echo gone`)}
    expected_output: gone
  - alert_resolved_within: 90s
`;
