import { freePort, until } from '@aiops/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const find = (paths: string[]): string | undefined => paths.find((path) => existsSync(path));
const prometheusBinary = find([
  '/usr/bin/prometheus',
  '/usr/local/bin/prometheus',
  '/opt/homebrew/bin/prometheus',
]);
const alertmanagerBinary = find([
  '/usr/bin/prometheus-alertmanager',
  '/usr/local/bin/alertmanager',
  '/opt/homebrew/bin/alertmanager',
]);

export const prometheusAvailable = prometheusBinary !== undefined;
export const alertmanagerAvailable = alertmanagerBinary !== undefined;

/** A server of somebody else's, as a process. */
export interface Peer {
  port: number;
  stop(): Promise<void>;
}

async function launch(
  name: string,
  binary: string,
  args: string[],
  port: number,
  folder: string,
): Promise<Peer> {
  const child: ChildProcess = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = `${log}${chunk.toString()}`.slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${log}`);
      return (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;
    },
    { description: `${name} to be ready`, timeoutMs: 30_000 },
  );
  return {
    port,
    stop: async () => {
      const ended = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A real Alertmanager that sends everything to our webhook. */
export async function startAlertmanager(webhookUrl: string, key: string): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-alertmanager-'));
  const port = await freePort();
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(
    config,
    `route:
  receiver: aiops
  group_by: [alertname, instance]
  group_wait: 100ms
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: aiops
    webhook_configs:
      - url: ${webhookUrl}
        send_resolved: true
        http_config: { authorization: { credentials: ${key} } }
`,
  );
  const args = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return launch('Alertmanager', alertmanagerBinary ?? '', args, port, folder);
}

export interface PrometheusOptions {
  /** Port whose `/metrics` is watched; its alerts carry `instance` with this value. */
  metricsPort: number;
  instance: string;
  /** Where alerts go, as a fragment of the `alertmanagers` section. */
  alertmanagers: string;
}

/** A real Prometheus with a rule on a real metric. */
export async function startPrometheus(options: PrometheusOptions): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-prometheus-'));
  mkdirSync(join(folder, 'data'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'rules.yml'),
    `groups:
  - name: shop
    interval: 1s
    rules:
      - alert: ServiceDown
        expr: shop_queue_stuck == 1
        labels: { severity: critical, service: shop }
        annotations: { summary: "The queue of the shop is stuck at {{ $value }}" }
`,
  );
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${join(folder, 'rules.yml')}]
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ["127.0.0.1:${options.metricsPort}"] }]
    relabel_configs: [{ target_label: instance, replacement: "${options.instance}" }]
alerting:
  alertmanagers:
${options.alertmanagers}
`,
  );
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=1s',
  ];
  return launch('Prometheus', prometheusBinary ?? '', args, port, folder);
}
