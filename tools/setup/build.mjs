import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { toolEnv } from './child.mjs';
import { fail, say } from './say.mjs';

/** Builds what is stale; what is up to date comes from the cache within a second or two. */
export function build() {
  say('Building what changed …');
  const nx = join('node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const result = spawnSync(
    process.execPath,
    [nx, 'run-many', '-t', 'build', '--outputStyle=static', '--parallel=2'],
    {
      encoding: 'utf8',
      env: toolEnv(),
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (result.status === 0) return;
  process.stderr.write(result.stdout ?? '');
  process.stderr.write(result.stderr ?? '');
  fail('The build failed. The lines above say why.');
}
