import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@aiops/embedded-postgres';
import { startEngine } from '../lib/engine.mjs';
import { fillAlerts } from '../lib/many-alerts.mjs';
import { median, quantile } from '../lib/stats.mjs';

const ALERTS = Number(process.env.BENCH_ALERTS ?? 1_000_000);
const PAGE_SIZE = 20;
/** As far down as the shortest list goes: one alert in five fires. */
const DEEP_PAGE = Math.min(10_000, Math.floor(ALERTS / PAGE_SIZE / 5));
/** Each kind of page is read so often; the first and the deep ones take turns. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
const RATIO_TARGET = 1.5;
const LISTS = [
  { of: 'newest start first', query: '' },
  { of: 'most severe first', query: '&sort=-severity' },
  { of: 'firing only', query: '&status=firing' },
  { of: 'three fields of each', query: '&fields=id,alert_name,status' },
];

export const name = 'list';
export const title = `Lists of ${ALERTS.toLocaleString('en')} alerts: page ${DEEP_PAGE.toLocaleString('en')} by cursor and page 1`;

/** What a page costs at the beginning and far down, as a client of the API sees it, total included. */
export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'aiops-bench-list-'));
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const engine = await startEngine({ DATABASE_URL: postgres.url, DATABASE_SSL_MODE: 'disable' });
    try {
      await fillAlerts(postgres.url, ALERTS);
      return await measureAll(engine.api);
    } finally {
      await engine.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(api) {
  const rows = [];
  const details = [];
  for (const { of, query } of LISTS) {
    const result = await measure(api, query);
    const ratio = result.deep.median / result.first.median;
    rows.push(
      { metric: `${of}: page 1, median`, value: result.first.median, unit: 'ms' },
      { metric: `${of}: page ${DEEP_PAGE}, median`, value: result.deep.median, unit: 'ms' },
      {
        metric: `${of}: deep : first`,
        value: ratio,
        unit: 'ratio',
        target: `<= ${RATIO_TARGET}`,
        ok: ratio <= RATIO_TARGET,
      },
    );
    details.push({ of, ...result });
  }
  return { rows, details };
}

async function measure(api, query) {
  const deepCursor = await walk(api, query);
  const first = [];
  const deep = [];
  let pagination;
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await timed(first, () => api('GET', `/alerts?limit=${PAGE_SIZE}${query}`));
    await timed(deep, () => api('GET', `/alerts?limit=${PAGE_SIZE}${query}&cursor=${deepCursor}`));
    pagination = page.pagination;
  }
  const { total, total_is_estimate } = pagination;
  return { first: summary(first), deep: summary(deep), total, total_is_estimate };
}

/** The cursor of the page before the deep one, reached in long steps: a cursor does not know of page sizes. */
async function walk(api, query) {
  const rowsBefore = (DEEP_PAGE - 1) * PAGE_SIZE;
  const seen = new Set();
  let cursor = null;
  while (seen.size < rowsBefore) {
    const limit = Math.min(200, rowsBefore - seen.size);
    const from = cursor === null ? '' : `&cursor=${cursor}`;
    const page = await api('GET', `/alerts?limit=${limit}${query}${from}`);
    const before = seen.size;
    for (const { id } of page.data) seen.add(id);
    if (seen.size !== before + limit)
      throw new Error(`after ${before} alerts a page repeats or ends too early`);
    cursor = page.pagination.next_cursor;
  }
  return cursor;
}

async function timed(into, work) {
  const started = performance.now();
  const answer = await work();
  into.push(performance.now() - started);
  return answer;
}

const summary = (latencies) => ({ median: median(latencies), p99: quantile(latencies, 0.99) });
