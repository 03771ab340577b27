// A process that uses the database as an engine does: `node engine.mjs <dataDir>`. Prints one line of JSON once it is
// up, and ends cleanly on SIGTERM. Node.js runs the TypeScript sources as they are; only their endings need a hint.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith('.') && context.parentURL?.endsWith('.ts')
        ? specifier.replace(/\.js$/, '.ts')
        : specifier,
      context,
    ),
});
const { startEmbeddedPostgres } = await import('../index.ts');
const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] });
process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: postgres.url, owned: postgres.owned, pid: postgres.pid })}\n`);
setInterval(() => undefined, 60_000);
