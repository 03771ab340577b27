import { runTool } from './child.mjs';
import { fail, say } from './say.mjs';

/** Builds what is stale; what is up to date comes from the cache within a second or two. @returns the exit code. */
export const buildStale = () =>
  runTool('nx/dist/bin/nx.js', ['run-many', '-t', 'build', '--outputStyle=static', '--parallel=2'], {
    quiet: true,
  });

/** The same for commands that need the product built. */
export async function build() {
  say('Building what changed …');
  if ((await buildStale()) !== 0) fail('The build failed. The lines above say why.');
}
