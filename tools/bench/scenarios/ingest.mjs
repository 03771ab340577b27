import { findAlertmanager, startAlertmanager } from '../lib/alertmanager.mjs';
import { startEngine } from '../lib/engine.mjs';
import { postAlerts } from '../lib/load.mjs';
import { median } from '../lib/stats.mjs';
import { countByCursor } from '../lib/walk.mjs';

const CONNECTIONS = 256;
/** Both take turns, so that whatever else the machine does meets both. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const WARM_UP_SECONDS = 3;
/** Of the rate at which Alertmanager takes the same alerts into its memory. */
const RATIO_TARGET = 1 / 3;
const P99_TARGET_MS = 100;

export const name = 'ingest';
export const title = `Ingest: one alert a request, ${CONNECTIONS} connections, every alert new`;

/** How fast alerts are stored for good, beside how fast Alertmanager takes them into memory. */
export async function run() {
  const binary = findAlertmanager();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const peer = binary === undefined ? null : await measureAlertmanager(binary);
    rounds.push({ engine: await measureEngine(), peer });
  }
  return { rows: [...engineRows(rounds), ...peerRows(rounds)], details: { rounds } };
}

function engineRows(rounds) {
  const loads = rounds.map(({ engine }) => engine.load);
  const of = (field) => median(loads.map((load) => load[field]));
  const accepted = loads.reduce((sum, load) => sum + load.ok, 0);
  const stored = rounds.reduce((sum, { engine }) => sum + engine.stored, 0);
  const clean = loads.every((load) => load.refused === 0 && load.errors === 0);
  const p99 = of('p99');
  return [
    { metric: 'engine, alerts stored per second', value: of('rate'), unit: '/s' },
    { metric: 'engine, p50', value: of('p50'), unit: 'ms' },
    { metric: 'engine, p99', value: p99, unit: 'ms', target: `< ${P99_TARGET_MS}`, ok: p99 < P99_TARGET_MS },
    {
      metric: 'accepted, and found in the database',
      value: stored,
      unit: `of ${accepted}`,
      target: 'all',
      ok: stored === accepted && clean,
    },
  ];
}

function peerRows(rounds) {
  if (rounds.some(({ peer }) => peer === null)) {
    return [{ metric: 'Alertmanager', value: null, unit: 'not on this machine, so no ratio' }];
  }
  const ratio = median(rounds.map(({ engine, peer }) => engine.load.rate / peer.rate));
  return [
    {
      metric: 'Alertmanager, alerts per second',
      value: median(rounds.map(({ peer }) => peer.rate)),
      unit: '/s',
    },
    { metric: 'Alertmanager, p99', value: median(rounds.map(({ peer }) => peer.p99)), unit: 'ms' },
    {
      metric: 'engine : Alertmanager',
      value: ratio,
      unit: 'ratio',
      target: '>= 0.33',
      ok: ratio >= RATIO_TARGET,
    },
  ];
}

async function measureEngine() {
  const engine = await startEngine();
  try {
    const { key } = await engine.api('POST', '/api-keys', { name: 'bench', scopes: ['ingest'] });
    const load = await measure(`${engine.url}/api/v1/ingest/prometheus/api/v2/alerts`, {
      Authorization: `Bearer ${key}`,
    });
    const stored = await countByCursor(engine.api, '/alerts?label.job=measured&sort=created_at');
    return { load, stored };
  } finally {
    await engine.stop();
  }
}

async function measureAlertmanager(binary) {
  const peer = await startAlertmanager(binary);
  try {
    return await measure(`${peer.url}/api/v2/alerts`, {});
  } finally {
    await peer.stop();
  }
}

async function measure(url, headers) {
  const plan = { url, headers, connections: CONNECTIONS };
  await postAlerts({ ...plan, seconds: WARM_UP_SECONDS, job: 'warm-up' });
  return postAlerts({ ...plan, seconds: SECONDS, job: 'measured' });
}
