import { findAlertmanager, startAlertmanager } from '../lib/alertmanager.mjs';
import { startEngine } from '../lib/engine.mjs';
import { postAlerts } from '../lib/load.mjs';

const CONNECTIONS = 256;
const WARM_UP_SECONDS = 4;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
/** Of the rate at which Alertmanager takes the same alerts into its memory. */
const RATIO_TARGET = 1 / 3;
const P99_TARGET_MS = 100;

export const name = 'ingest';
export const title = `Ingest: one alert a request, ${CONNECTIONS} connections, every alert new`;

/** How fast alerts are stored for good, beside how fast Alertmanager takes them into memory. */
export async function run() {
  const ours = await measureEngine();
  const binary = findAlertmanager();
  const theirs = binary === undefined ? null : await measureAlertmanager(binary);
  const rows = [
    { metric: 'engine, alerts stored per second', value: ours.load.rate, unit: '/s' },
    { metric: 'engine, p50', value: ours.load.p50, unit: 'ms' },
    {
      metric: 'engine, p99',
      value: ours.load.p99,
      unit: 'ms',
      target: `< ${P99_TARGET_MS}`,
      ok: ours.load.p99 < P99_TARGET_MS,
    },
    {
      metric: 'accepted, and found in the database',
      value: ours.stored,
      unit: `of ${ours.load.ok}`,
      target: 'all',
      ok: ours.stored === ours.load.ok && ours.load.refused === 0 && ours.load.errors === 0,
    },
  ];
  if (theirs === null) {
    rows.push({ metric: 'Alertmanager', value: null, unit: 'not on this machine, so no ratio' });
    return { rows, details: { engine: ours } };
  }
  const ratio = ours.load.rate / theirs.rate;
  rows.push(
    { metric: 'Alertmanager, alerts per second', value: theirs.rate, unit: '/s' },
    { metric: 'Alertmanager, p99', value: theirs.p99, unit: 'ms' },
    {
      metric: 'engine : Alertmanager',
      value: ratio,
      unit: 'ratio',
      target: '>= 0.33',
      ok: ratio >= RATIO_TARGET,
    },
  );
  return { rows, details: { engine: ours, alertmanager: theirs } };
}

async function measureEngine() {
  const engine = await startEngine();
  try {
    const { key } = await engine.api('POST', '/api-keys', { name: 'bench', scopes: ['ingest'] });
    const plan = {
      url: `${engine.url}/api/v1/ingest/prometheus/api/v2/alerts`,
      headers: { Authorization: `Bearer ${key}` },
      connections: CONNECTIONS,
    };
    await postAlerts({ ...plan, seconds: WARM_UP_SECONDS, job: 'warm-up' });
    const load = await postAlerts({ ...plan, seconds: SECONDS, job: 'measured' });
    const page = await engine.api('GET', '/alerts?label.job=measured&page_size=1');
    return { load, stored: page.pagination.total };
  } finally {
    await engine.stop();
  }
}

async function measureAlertmanager(binary) {
  const peer = await startAlertmanager(binary);
  try {
    const plan = { url: `${peer.url}/api/v2/alerts`, connections: CONNECTIONS };
    await postAlerts({ ...plan, seconds: WARM_UP_SECONDS, job: 'warm-up' });
    return await postAlerts({ ...plan, seconds: SECONDS, job: 'measured' });
  } finally {
    await peer.stop();
  }
}
