// A run of tests in small: does the global set-up, prints one line of JSON, and ends cleanly on a line of input.
// Node.js runs the TypeScript sources as they are (with --conditions=@aiops/source); only their endings need a hint.
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
const { setup } = await import('../global-setup.ts');
const teardown = await setup();
process.stdin.once('data', () => void teardown().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: process.env.TEST_DATABASE_URL })}\n`);
