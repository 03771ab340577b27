// The benchmark suite: `npm run bench [-- name ...]`. Prints a table and writes JSON. Each file in `scenarios/` exports
// `name`, `title` and `run() → { rows: [{ metric, value, unit, target?, ok? }], details }`.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { formatRows } from './lib/table.mjs';

const wanted = process.argv.slice(2);
const folder = new URL('./scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
const scenarios = await Promise.all(files.sort().map((file) => import(new URL(file, folder))));
const unknown = wanted.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  const known = scenarios.map((scenario) => scenario.name).join(', ');
  process.stderr.write(`There is no benchmark "${unknown.join('", "')}". There are: ${known}.\n`);
  process.exit(2);
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory_gb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
process.stdout.write(`${machine.cores} × ${machine.cpu}, ${machine.memory_gb} GB, Node.js ${machine.node}\n`);
const results = [];
for (const scenario of scenarios) {
  if (wanted.length > 0 && !wanted.includes(scenario.name)) continue;
  process.stdout.write(`\n${scenario.title}\n`);
  const { rows, details } = await scenario.run();
  process.stdout.write(formatRows(rows));
  results.push({ name: scenario.name, title: scenario.title, rows, details });
}

const output = resolve(process.env.BENCH_OUTPUT ?? '.data/bench.json');
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
process.stdout.write(`\nWritten to ${output}\n`);
const missed = results.flatMap(({ rows }) => rows).filter((row) => row.ok === false);
process.exit(missed.length === 0 ? 0 : 1);
