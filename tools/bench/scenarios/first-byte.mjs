import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sshdAvailable, startSshd } from '@aiops/testing';
import { startEngine } from '../lib/engine.mjs';
import { median, quantile } from '../lib/stats.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 25);
const TARGET_MS = 150;
/** Written by the command itself on the target, in nanoseconds: an upper bound of when its first byte was there. */
const STAMP = 'date +%s%N';

export const name = 'first-byte';
export const title = 'From the POST of an alert to the command on its target, automatic rule';

/** How long an alert takes to become a running command, beside a login by the `ssh` program. */
export async function run() {
  if (!sshdAvailable()) {
    return { rows: [{ metric: 'OpenSSH server', value: null, unit: 'not on this machine' }], details: {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'aiops-bench-ssh-'));
  const sshd = await startSshd();
  const engine = await startEngine();
  try {
    const alert = await prepare(engine, sshd, folder);
    const login = bareLogin(sshd, folder);
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      rounds.push({ alert_ms: await alert(round), login_ms: await login() });
    }
    // The first one opens what the others find open.
    return { rows: rowsOf(rounds.slice(1)), details: { rounds } };
  } finally {
    await engine.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(rounds) {
  const alert = rounds.map((round) => round.alert_ms);
  const login = median(rounds.map((round) => round.login_ms));
  const more = median(alert) - login;
  return [
    { metric: 'POST to the command, p50', value: median(alert), unit: 'ms' },
    { metric: 'POST to the command, p95', value: quantile(alert, 0.95), unit: 'ms' },
    { metric: 'ssh login to the command, p50', value: login, unit: 'ms' },
    {
      metric: 'more than a login, p50',
      value: more,
      unit: 'ms',
      target: `< ${TARGET_MS}`,
      ok: more < TARGET_MS,
    },
  ];
}

/** Target, runbook and rule. @returns what sends one alert and answers its milliseconds to the command. */
async function prepare(engine, sshd, folder) {
  const { api } = engine;
  await addTarget(api, sshd);
  const runbook = await api('POST', '/runbooks', { yaml: runbookYaml });
  await api('POST', '/rules', {
    name: 'stamp',
    matchers: [{ name: 'alertname', op: '=', value: 'Stamp' }],
    action: 'auto',
    runbook_id: runbook.id,
  });
  const { key } = await api('POST', '/api-keys', { name: 'bench', scopes: ['ingest'] });
  return async (round) => {
    const mark = join(folder, `mark-${round}`);
    const sent = Date.now();
    await post(`${engine.url}/api/v1/ingest/prometheus/api/v2/alerts`, key, {
      labels: { alertname: 'Stamp', round: String(round), mark },
    });
    const stamp = await untilDefined(`the command of round ${round}`, () => readStamp(mark));
    // The next alert must not wait for this one's place on the target.
    await untilDefined(`the end of round ${round}`, async () => {
      const { data } = await api('GET', '/executions?page_size=200');
      return data.filter(({ status }) => status === 'succeeded').length > round ? true : undefined;
    });
    return stamp - sent;
  };
}

async function addTarget(api, sshd) {
  const credential = await api('POST', '/credentials', {
    name: 'key',
    kind: 'ssh_key',
    secret: sshd.privateKey,
  });
  const { host, port, username } = sshd;
  const place = { name: 'bench-host', host, port, username, credential_id: credential.id };
  const target = await api('POST', '/targets', place);
  await api('POST', `/targets/${target.id}/test`);
  const { data } = await api('GET', `/targets/${target.id}/host-keys`);
  await api('POST', `/targets/${target.id}/host-keys/${data[0].id}/accept`);
}

/** The same by the `ssh` program, which also signs in, and does nothing else. */
function bareLogin(sshd, folder) {
  const key = join(folder, 'key');
  writeFileSync(key, sshd.privateKey, { mode: 0o600 });
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ];
  const args = [
    '-F',
    '/dev/null',
    '-i',
    key,
    '-p',
    String(sshd.port),
    ...options.flatMap((one) => ['-o', one]),
  ];
  return async () => {
    const sent = Date.now();
    const { stdout } = await promisify(execFile)('ssh', [...args, `${sshd.username}@${sshd.host}`, STAMP]);
    return milliseconds(stdout) - sent;
  };
}

async function post(url, key, alert) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  if (!response.ok) throw new Error(`the alert was refused: ${response.status} ${await response.text()}`);
}

const milliseconds = (nanoseconds) => Number(nanoseconds.trim()) / 1e6;

function readStamp(file) {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  return text.endsWith('\n') ? milliseconds(text) : undefined;
}

async function untilDefined(what, look) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const runbookYaml = `
name: stamp
description: Writes the time at which its command runs
trigger: { alert_name: Stamp }
parameters:
  - { name: mark, type: string, required: true, from: "{{ labels.mark }}" }
targets: { names: [bench-host] }
safety: { approval: never, cooldown: 0s, max_per_hour: 1000 }
steps:
  - name: Stamp
    command: "${STAMP} > {{ parameters.mark }}"
    idempotent: true
verify:
  - name: It is there
    command: "test -s {{ parameters.mark }}"
`;
