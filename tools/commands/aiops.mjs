// `npm run aiops -- <command>`: what an administrator does beside the engine. Only what is stale is built.
import { buildStale } from '../setup/build.mjs';
import { run } from '../setup/child.mjs';
import { fail } from '../setup/say.mjs';

if ((await buildStale()) !== 0) fail('The build failed. The lines above say why.');
process.exit(await run(process.execPath, ['apps/api/dist/cli/main.js', ...process.argv.slice(2)]));
