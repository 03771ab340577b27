// `npm run demo`: the main job on real parts.
import { build } from '../setup/build.mjs';
import { run } from '../setup/child.mjs';

await build();
process.exit(await run(process.execPath, ['apps/demo/dist/main.js', ...process.argv.slice(2)]));
