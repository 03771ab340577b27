import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from './child.mjs';
import { installHooks } from './hooks.mjs';
import { fail, say } from './say.mjs';

const stampFile = (root) => join(root, 'node_modules', '.aiops-installed');

/** What the installed packages depend on: the lock file and the platform. */
export function fingerprint(lockFile, platform) {
  return createHash('sha256').update(lockFile).update(platform).digest('hex');
}

/** Whether the packages must be installed: never were, or for another lock file. */
export function isStale(stamp, wanted) {
  return stamp === null || stamp.trim() !== wanted;
}

/** The fingerprint of what was installed last by a command of this workspace; null when nothing was. */
export function readStamp(root) {
  return existsSync(stampFile(root)) ? readFileSync(stampFile(root), 'utf8') : null;
}

/** Remembers that what the lock file wants is installed. */
export function writeStamp(root) {
  writeFileSync(stampFile(root), wantedStamp(root));
}

function wantedStamp(root) {
  const lockFile = readFileSync(join(root, 'package-lock.json'));
  return fingerprint(lockFile, `${process.platform}-${process.arch}`);
}

/** How npm is started: the very one that started us, or that of the PATH when another package manager did. */
export function npmCommand(execPath = process.env.npm_execpath) {
  if (execPath !== undefined && basename(execPath) === 'npm-cli.js') return [process.execPath, execPath];
  return ['npm'];
}

/** Installs the locked dependencies when they are missing or stale; none of their scripts is run (see .npmrc). */
export async function installDependencies(root = process.cwd()) {
  const stamp = readStamp(root);
  if (!isStale(stamp, wantedStamp(root))) return;
  say(
    stamp === null
      ? 'Installing dependencies (first run only, takes a minute or so) …'
      : 'The lock file changed: installing dependencies …',
  );
  const started = Date.now();
  const [command, ...before] = npmCommand();
  const code = await run(command, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // NODE_ENV=production would leave out what builds the product.
    env: { NODE_ENV: '', npm_config_omit: '' },
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (code !== 0)
    fail(
      'The dependencies could not be installed. The lines above say why; then run the command again.',
      code,
    );
  // Hooks that somebody took off later stay off.
  if (stamp === null) await installHooks();
  writeStamp(root);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}
