// `npm start`: production build, then the engine with the web app on one port. Arguments go to the engine.
import { build } from '../setup/build.mjs';
import { run } from '../setup/child.mjs';

await build();
process.exit(await run(process.execPath, ['apps/api/dist/main.js', ...process.argv.slice(2)]));
