// Runs the engine from its sources in a process of its own, so that tests can kill it without a build.
import { fileURLToPath } from 'node:url';
import { createServer, createServerModuleRunner } from 'vite';

const vite = await createServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions: ['@aiops/source', 'node', 'development|production'] } },
});
const runner = createServerModuleRunner(vite.environments.ssr, { hmr: false });
const { startEngine } = await runner.import('/src/engine.ts');
const { stopOnSignals } = await runner.import('/src/stop-on-signals.ts');
const starting = startEngine(process.env);
stopOnSignals(starting);
process.stdout.write(`ready ${(await starting).url}\n`);
