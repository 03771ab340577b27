import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { run, stoppedBy } from './child.mjs';
import { say } from './say.mjs';

/** What the tests need from the system: the package, and the files that show that it is there. */
export const systemParts = [
  {
    name: 'Chromium',
    package: 'chromium',
    files: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  },
  {
    name: 'Prometheus',
    package: 'prometheus',
    files: ['/usr/bin/prometheus', '/usr/local/bin/prometheus', '/opt/homebrew/bin/prometheus'],
  },
  {
    name: 'Alertmanager',
    package: 'prometheus-alertmanager',
    files: [
      '/usr/bin/prometheus-alertmanager',
      '/usr/local/bin/alertmanager',
      '/opt/homebrew/bin/alertmanager',
    ],
  },
  { name: 'OpenSSH server', package: 'openssh-server', files: ['/usr/sbin/sshd'] },
  // The examples of the documentation are run as they stand.
  { name: 'curl', package: 'curl', files: ['/usr/bin/curl', '/usr/local/bin/curl'] },
  { name: 'jq', package: 'jq', files: ['/usr/bin/jq', '/usr/local/bin/jq', '/opt/homebrew/bin/jq'] },
];

const isMissing = (part) => !part.files.some((file) => existsSync(file));

/** Whether this is Debian or one of its children, by `/etc/os-release`. */
export function isDebianLike(osRelease) {
  return /^ID(_LIKE)?="?.*\b(debian|ubuntu)\b/m.test(osRelease);
}

/** What of the missing can be had from the system's package source. */
export function installable(missing, { isRoot, osRelease }) {
  if (!isRoot || !isDebianLike(osRelease)) return [];
  // Ubuntu's package of Chromium only asks for a snap, which a container cannot have.
  const isUbuntu = /^ID="?ubuntu"?$/m.test(osRelease);
  return missing.map((part) => part.package).filter((name) => !(isUbuntu && name === 'chromium'));
}

/** Installs the missing parts where that is possible; names those that stay missing. */
export async function installSystemParts() {
  const missing = systemParts.filter(isMissing);
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const packages = installable(missing, { isRoot, osRelease });
  if (packages.length > 0) await installPackages(packages);
  for (const part of systemParts.filter(isMissing)) {
    if (part.package === 'chromium') await installBrowser(isRoot && isDebianLike(osRelease));
    else
      say(
        `${part.name} is not there: the tests that need it are skipped. Install it (package ${part.package}) to run them.`,
      );
  }
}

async function installPackages(packages) {
  say(`Installing ${packages.join(', ')} for the tests (first run only) …`);
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  // The packages must not start servers of their own.
  if (isOurs) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    chmodSync(policy, 0o755);
  }
  const apt = (...args) =>
    run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await apt('update');
    if (stoppedBy() !== null) return;
    const install = (names) => apt('install', '-y', '--no-install-recommends', ...names);
    // One package that cannot be had must not cost the others.
    if ((await install(packages)) === 0) return;
    for (const name of packages) if (stoppedBy() === null) await install([name]);
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}

/** Playwright's own download; with the libraries that it needs where they can be installed. */
async function installBrowser(withLibraries) {
  const cli = 'node_modules/playwright-core/cli.js';
  const dryRun = spawnSync(process.execPath, [cli, 'install', '--dry-run', 'chromium'], { encoding: 'utf8' });
  const folder = /Install location:\s+(\S.*)$/m.exec(dryRun.stdout ?? '')?.[1];
  if (folder !== undefined && existsSync(folder)) return;
  say('Fetching a browser for the tests (first run only) …');
  const args = [cli, 'install', ...(withLibraries ? ['--with-deps'] : []), 'chromium'];
  if ((await run(process.execPath, args, { quiet: true })) !== 0)
    say('There is no browser: the tests that need one are skipped.');
}
