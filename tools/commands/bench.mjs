// `npm run bench`: the benchmark suite.
import { build } from '../setup/build.mjs';
import { run } from '../setup/child.mjs';

await build();
process.exit(await run(process.execPath, ['tools/bench/run.mjs', ...process.argv.slice(2)]));
