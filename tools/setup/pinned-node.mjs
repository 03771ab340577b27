import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './say.mjs';

/** The Node.js that the workspace pins, as the npm package `node` brought it; every script runs on this one. */
export function pinnedNode(root = process.cwd()) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = `v${devDependencies.node}`;
  if (process.version === wanted) return process.execPath;
  const binary = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    // Its install script fetches the binary for this platform; it may have been switched off.
    spawnSync(process.execPath, ['installArchSpecificPackage'], {
      cwd: join(root, 'node_modules', 'node'),
      stdio: 'inherit',
    });
  }
  const found = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (found.status === 0 && found.stdout.trim() === wanted) return binary;
  // A platform for which the package has no binary: a Node.js of the same major that is already there will do.
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return process.execPath;
  return fail(
    `Node.js ${wanted} is needed and could not be installed from the npm registry (install scripts may be switched off). Install Node.js 24 and run the command again.`,
  );
}
