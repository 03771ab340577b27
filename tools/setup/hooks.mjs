import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Whether this clone gets commit hooks: it is somebody's working copy, and nobody chose hooks of their own.
 * @param hooksPath what `git config core.hooksPath` says; empty when it is not set.
 */
export function wantsHooks({ isRepository, isCi, hooksPath }) {
  return isRepository && !isCi && (hooksPath === '' || hooksPath === '.husky/_');
}

/** Commit hooks for people who develop; quiet where there is no repository, no git, or nobody commits. */
export async function installHooks() {
  const git = spawnSync('git', ['config', 'core.hooksPath'], { encoding: 'utf8' });
  const hooksPath = (git.stdout ?? '').trim();
  const isCi = process.env.CI !== undefined && process.env.CI !== 'false';
  if (!wantsHooks({ isRepository: existsSync('.git'), isCi, hooksPath })) return;
  try {
    const { default: husky } = await import('husky');
    husky();
  } catch {
    // Without development dependencies there is nothing to hook.
  }
}
