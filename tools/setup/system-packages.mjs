import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { say } from './say.mjs';

/** What the tests need from the system: the package, and the files that show that it is there. */
export const systemParts = [
  {
    name: 'a Chromium',
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
];

const present = (part) => part.files.some((file) => existsSync(file));

/** Whether this is Debian or one of its children, by `/etc/os-release`. */
export function isDebianLike(osRelease) {
  return /^ID(_LIKE)?="?.*\b(debian|ubuntu)\b/m.test(osRelease);
}

/** Installs the missing parts where that is possible; names those that stay missing. */
export function installSystemParts() {
  const missing = systemParts.filter((part) => !present(part));
  if (missing.length === 0) return;
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (process.getuid?.() === 0 && isDebianLike(osRelease))
    installPackages(missing.map((part) => part.package));
  for (const part of systemParts.filter((candidate) => !present(candidate))) {
    if (part.package === 'chromium') installBrowser();
    else
      say(
        `${part.name} is not there: the tests that need it are skipped. Install it (package ${part.package}) to run them.`,
      );
  }
}

function installPackages(packages) {
  say(`Installing ${packages.join(', ')} for the tests …`);
  const policy = '/usr/sbin/policy-rc.d';
  const hadPolicy = existsSync(policy);
  // The packages must not start servers of their own.
  if (!hadPolicy) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    chmodSync(policy, 0o755);
  }
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  } finally {
    if (!hadPolicy) rmSync(policy, { force: true });
  }
}

function installBrowser() {
  say('Fetching a browser for the tests …');
  const result = spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
    stdio: 'inherit',
  });
  if (result.status !== 0) say('There is no browser: the tests that need one are skipped.');
}
