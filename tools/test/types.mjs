import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../setup/child.mjs';

/** Every project of the workspace that has types to check. */
export const typedProjects = (root = '.') =>
  ['libs', 'apps']
    .flatMap((group) =>
      readdirSync(join(root, group)).map((name) => join(root, group, name, 'tsconfig.json')),
    )
    .filter((file) => existsSync(file));

/** Checks the types of all projects with the native compiler, or with the other one where there is no native one. */
export async function checkTypes() {
  const native = 'typescript-native/bin/tsc';
  const runs = spawnSync(process.execPath, [join('node_modules', native), '--version']).status === 0;
  let worst = 0;
  for (const project of typedProjects()) {
    const code = await runTool(runs ? native : 'typescript/bin/tsc', ['-p', project, '--noEmit']);
    worst = Math.max(worst, code);
  }
  return worst;
}
