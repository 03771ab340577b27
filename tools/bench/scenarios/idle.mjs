import { setTimeout as delay } from 'node:timers/promises';
import { startEngine } from '../lib/engine.mjs';
import { residentOf, treeOf } from '../lib/memory.mjs';
import { median } from '../lib/stats.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** What the start itself allocated is given back by then, as far as it ever is. */
const SETTLE_MS = Number(process.env.BENCH_SECONDS ?? 20) * 1000;
const MEMORY_TARGET_MB = 400;
const READY_TARGET_MS = 5000;

export const name = 'idle';
export const title = 'Start from built files on an empty data directory, and memory when idle';

/** What the engine and its embedded PostgreSQL hold in memory with nothing to do, and how soon they are ready. */
export async function run() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
  const of = (field) => median(rounds.map((round) => round[field]));
  const ready = of('ready_ms');
  const rows = [
    {
      metric: 'ready',
      value: ready,
      unit: 'ms',
      target: `< ${READY_TARGET_MS}`,
      ok: ready < READY_TARGET_MS,
    },
  ];
  if (rounds.some((round) => round.total_mb === undefined)) {
    rows.push({ metric: 'memory', value: null, unit: 'only measured where there is /proc' });
    return { rows, details: { rounds } };
  }
  const total = of('total_mb');
  rows.push(
    { metric: 'engine', value: of('engine_mb'), unit: 'MB' },
    { metric: 'PostgreSQL', value: of('postgres_mb'), unit: 'MB' },
    {
      metric: 'both, resident',
      value: total,
      unit: 'MB',
      target: `< ${MEMORY_TARGET_MB}`,
      ok: total < MEMORY_TARGET_MB,
    },
  );
  return { rows, details: { rounds } };
}

async function measure() {
  const engine = await startEngine();
  try {
    await delay(SETTLE_MS);
    const own = residentOf(engine.pid);
    if (own === undefined) return { ready_ms: engine.readyMs };
    const all = treeOf(engine.pid).reduce((sum, pid) => sum + (residentOf(pid) ?? 0), 0);
    return { ready_ms: engine.readyMs, engine_mb: own, postgres_mb: all - own, total_mb: all };
  } finally {
    await engine.stop();
  }
}
