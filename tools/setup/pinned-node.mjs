import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, say } from './say.mjs';

/** The Node.js that the workspace pins, as the npm package `node` brought it; every script runs on this one. */
export function pinnedNode(root = process.cwd()) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = `v${devDependencies.node}`;
  if (process.version === wanted) return process.execPath;
  const home = join(root, 'node_modules', 'node');
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const works = () => {
    const found = spawnSync(binary, ['--version'], { encoding: 'utf8' });
    return found.status === 0 && found.stdout.trim() === wanted;
  };
  if (works()) return binary;
  // Its install script fetches the binary for this platform; it may have been switched off.
  say(`Fetching Node.js ${wanted} …`);
  spawnSync(process.execPath, ['installArchSpecificPackage'], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, npm_config_loglevel: 'error', npm_config_global: 'false' },
  });
  if (works()) return binary;
  // npm puts the package's binary first in the PATH: one that does not run here would break every later command.
  rmSync(join(root, 'node_modules', '.bin', 'node'), { force: true });
  // A platform for which the package has no binary: a newer Node.js that is already there will do.
  if (Number(process.versions.node.split('.')[0]) >= Number(devDependencies.node.split('.')[0]))
    return process.execPath;
  return fail(
    `Node.js ${wanted} is needed and could not be fetched from the npm registry for ${process.platform}-${process.arch}. ` +
      'Install Node.js 24 and run the command again.',
  );
}
