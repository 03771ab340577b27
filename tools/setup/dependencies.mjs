import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, say } from './say.mjs';

/** What the installed packages depend on: the lock file and the platform. */
export function fingerprint(lockFile, platform) {
  return createHash('sha256').update(lockFile).update(platform).digest('hex');
}

/** Whether the packages must be installed: never were, or for another lock file. */
export function isStale(stamp, wanted) {
  return stamp === null || stamp.trim() !== wanted;
}

/** Installs the locked dependencies when they are missing or stale. */
export function installDependencies(root = process.cwd()) {
  const stampFile = join(root, 'node_modules', '.aiops-installed');
  const wanted = fingerprint(
    readFileSync(join(root, 'package-lock.json')),
    `${process.platform}-${process.arch}`,
  );
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null;
  if (!isStale(stamp, wanted)) return;
  say(
    stamp === null
      ? 'Installing dependencies (first run only) …'
      : 'The lock file changed: installing dependencies …',
  );
  const npm = process.env.npm_execpath;
  const command = npm === undefined ? ['npm'] : [process.execPath, npm];
  const result = spawnSync(
    command[0],
    [...command.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      // Hooks are for people who commit; NODE_ENV=production would leave out what builds the product.
      env: { ...process.env, NODE_ENV: '', npm_config_omit: '' },
      shell: npm === undefined && process.platform === 'win32',
    },
  );
  if (result.status !== 0)
    fail('The dependencies could not be installed. The lines above say why; then run the command again.');
  writeFileSync(stampFile, wanted);
}
