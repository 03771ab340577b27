import fc from 'fast-check';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@aiops/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { killGroup, launcherInput, posixLauncher, powershellLauncher } from './remote-script.js';

const folder = mkdtempSync(join(tmpdir(), 'aiops-script-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const find = (program: string): string | undefined =>
  ['/bin', '/usr/bin', '/usr/local/bin']
    .map((place) => join(place, program))
    .find((path) => existsSync(path));
const shells = ['dash', 'bash', 'busybox', 'ksh', 'zsh'].flatMap((name) => {
  const path = find(name);
  return path === undefined ? [] : [{ name, path }];
});

let count = 0;
/** A PATH on which `sh` is this shell, so that the whole launcher runs in it. */
function pathWith(shell: string, programs?: string[]): string {
  const bin = join(folder, `bin${++count}`);
  spawnSync('mkdir', [bin]);
  symlinkSync(shell, join(bin, 'sh'));
  for (const program of programs ?? []) symlinkSync(find(program) ?? '', join(bin, program));
  return programs === undefined ? `${bin}:${process.env['PATH'] ?? ''}` : bin;
}

const nonce = 'aiops-0123456789';
/** What sshd does with an exec request: the login shell gets it as one word. */
function launch(PATH: string, input: string, login = '/bin/sh', detached = true) {
  const args = ['-c', posixLauncher(nonce)];
  return spawnSync(login, args, { input, env: { PATH }, ...{ detached } });
}
function outputOf(stdout: Buffer): { group: number; output: Buffer } {
  const line = stdout.indexOf('\n');
  const [mark, group] = stdout.subarray(0, line).toString().split(' ');
  expect(mark).toBe(nonce);
  return { group: Number(group), output: stdout.subarray(line + 1) };
}
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

describe.each(shells)('the launcher where sh is $name', ({ path }) => {
  const PATH = pathWith(path);

  it('gives any text to the shell as it stands', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((value) => !value.includes('\0'));
    const lone = fc.constantFrom('\n', '\n\n', "'", '"', '$(touch x)', '`', '\\', '-n', '!', '%s', '*');
    fc.assert(
      fc.property(fc.oneof(text, lone), (value) => {
        const { stdout, status } = launch(PATH, launcherInput(nonce, `printf '%s' ${quote(value)}`), path);
        expect([outputOf(stdout).output.toString(), status]).toEqual([value, 0]);
      }),
      { numRuns: 15 },
    );
  });

  it('runs nothing of a command of which only a part arrived', () => {
    const mark = join(folder, `mark${++count}`);
    const whole = launcherInput(nonce, `touch ${mark}\ntouch ${mark}; echo done`);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(launch(PATH, whole.slice(0, length), path).status).toBe(126);
        expect(existsSync(mark)).toBe(false);
      }),
      { numRuns: 15 },
    );
    expect(launch(PATH, whole, path).status).toBe(0);
    expect(existsSync(mark)).toBe(true);
  });

  it('leads its process group also when it was not started so', () => {
    const command = launcherInput(nonce, 'echo $$; ps -o pgid= -p $$');
    const { stdout } = launch(PATH, command, path, false);
    const { group, output } = outputOf(stdout);
    const [own, ofCommand] = output.toString().trim().split('\n').map(Number);
    expect([own, ofCommand]).toEqual([group, group]);
  });
});

describe('the launcher', () => {
  it('tells no group rather than that of whoever started it', () => {
    const bare = pathWith('/bin/sh', ['cat', 'ps', 'tr']);
    const { stdout, status } = launch(bare, launcherInput(nonce, 'echo ran'), '/bin/sh', false);
    const { group, output } = outputOf(stdout);
    expect({ group, output: output.toString(), status }).toEqual({ group: 0, output: 'ran\n', status: 0 });
  });

  it('is one line without anything that a login shell could expand', () => {
    const text = posixLauncher(nonce);
    expect(text).not.toMatch(/[\n!]/);
    expect(text.match(/'/g)).toHaveLength(4);
  });
});

describe('ending a process group', () => {
  const kill = (group: number, user: string[] = []) => {
    const [program = '', ...args] = [...user, '/bin/sh', '-c', killGroup(group, 0)];
    return spawnSync(program, args).status;
  };
  async function sleeper(): Promise<number> {
    const child = spawn('sh', ['-c', 'sleep 300 & sleep 300 & wait'], { detached: true, stdio: 'ignore' });
    const group = child.pid ?? 0;
    await until(() => membersOf(group).length === 3, { description: 'the group to run' });
    return group;
  }
  /** Processes of a group that are more than zombies. */
  function membersOf(group: number): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => {
        if (Number.isNaN(pid) || !existsSync(`/proc/${pid}/stat`)) return false;
        const [state, , itsGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(itsGroup) === group && state !== 'Z';
      });
  }

  it.runIf(existsSync('/proc/self/stat'))('ends all of it and says so', async () => {
    const group = await sleeper();
    expect(kill(group)).toBe(0);
    expect(membersOf(group)).toEqual([]);
    expect(kill(group)).toBe(0);
  });

  const canBeOther = process.getuid?.() === 0 && find('setpriv') !== undefined;
  const other = ['setpriv', '--reuid=65534', '--clear-groups'];
  it.runIf(canBeOther)('does not call a group gone that it may not signal (as root)', async () => {
    const group = await sleeper();
    try {
      expect(kill(group, other)).toBe(1);
      expect(membersOf(group)).toHaveLength(3);
    } finally {
      kill(group);
    }
  });
});

describe('the PowerShell launcher', () => {
  it('carries the command as base64 of UTF-16LE, so that no shell on the way reads it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (command) => {
        const line = powershellLauncher(command) ?? '';
        expect(line).toMatch(/^powershell [-A-Za-z ]+ -EncodedCommand [A-Za-z0-9+/]+=*$/);
        const script = Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
        expect(script.split('\n').slice(1, -1).join('\n')).toBe(command);
      }),
    );
  });

  it('is none for what Windows cannot take', () => {
    expect(powershellLauncher('x'.repeat(2_800))).not.toBeNull();
    expect(powershellLauncher('x'.repeat(3_000))).toBeNull();
  });
});
