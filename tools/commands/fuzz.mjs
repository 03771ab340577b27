// `npm run fuzz`: what the API's own document allows, sent to every route.
import { build } from '../setup/build.mjs';
import { run } from '../setup/child.mjs';

await build();
process.exit(await run(process.execPath, ['tools/fuzz/run.mjs', ...process.argv.slice(2)]));
