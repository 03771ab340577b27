import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, isStale, npmCommand, readStamp, writeStamp } from './dependencies.mjs';
import { wantsHooks } from './hooks.mjs';
import { installable, isDebianLike, systemParts } from './system-packages.mjs';

describe('installing', () => {
  let root = '';
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'aiops workspace-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('happens again when the lock file or the platform changed', () => {
    const before = fingerprint('lock 1', 'linux-x64');
    expect(isStale(null, before)).toBe(true);
    expect(isStale(before, before)).toBe(false);
    expect(isStale(before, fingerprint('lock 2', 'linux-x64'))).toBe(true);
    expect(isStale(before, fingerprint('lock 1', 'darwin-arm64'))).toBe(true);
  });

  it('is remembered beside the packages, for the lock file that there was', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}');
    expect(readStamp(root)).toBeNull();
    writeStamp(root);
    const lock = readFileSync(join(root, 'package-lock.json'));
    expect(readStamp(root)).toBe(fingerprint(lock, `${process.platform}-${process.arch}`));
  });

  it('uses the npm that was called, and the one of the PATH below another package manager', () => {
    expect(npmCommand('/usr/lib/npm/bin/npm-cli.js')).toEqual([
      process.execPath,
      '/usr/lib/npm/bin/npm-cli.js',
    ]);
    expect(npmCommand('/usr/lib/pnpm/bin/pnpm.cjs')).toEqual(['npm']);
    expect(npmCommand('')).toEqual(['npm']);
  });
});

describe('commit hooks', () => {
  const clone = { isRepository: true, isCi: false, hooksPath: '' };

  it('are for working copies of people', () => {
    expect(wantsHooks(clone)).toBe(true);
    expect(wantsHooks({ ...clone, isRepository: false })).toBe(false);
    expect(wantsHooks({ ...clone, isCi: true })).toBe(false);
  });

  it('leave alone what somebody chose', () => {
    expect(wantsHooks({ ...clone, hooksPath: '.husky/_' })).toBe(true);
    expect(wantsHooks({ ...clone, hooksPath: '/home/me/hooks' })).toBe(false);
  });
});

describe("the system's part", () => {
  const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
  const ubuntu = 'ID=ubuntu\nID_LIKE=debian\n';
  const all = systemParts.map((part) => part.package);

  it('knows Debian and its children', () => {
    expect(isDebianLike(debian)).toBe(true);
    expect(isDebianLike(ubuntu)).toBe(true);
    expect(isDebianLike('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true);
    expect(isDebianLike('ID=fedora\n')).toBe(false);
  });

  it('comes from the package source for root on Debian, and from nowhere for others', () => {
    expect(installable(systemParts, { isRoot: true, osRelease: debian })).toEqual(all);
    expect(installable(systemParts, { isRoot: false, osRelease: debian })).toEqual([]);
    expect(installable(systemParts, { isRoot: true, osRelease: 'ID=fedora\n' })).toEqual([]);
  });

  it('leaves the browser to Playwright on Ubuntu, whose package is a snap', () => {
    expect(installable(systemParts, { isRoot: true, osRelease: ubuntu })).toEqual(
      all.filter((name) => name !== 'chromium'),
    );
  });

  it('asks for nothing that is there', () => {
    expect(installable([], { isRoot: true, osRelease: debian })).toEqual([]);
  });
});
