import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandLineOf, identityOf, isAlive } from './process-identity.js';
import { bystander, gone } from './testing/workbench.js';

describe('the identity of a process', () => {
  it('stays while the process lives and is none when it is gone', async () => {
    const other = bystander();
    const pid = other.pid ?? 0;
    const identity = identityOf(pid);
    expect(identity).toMatch(new RegExp(`^${pid}\\b`));
    expect(identityOf(pid)).toBe(identity);
    expect(identityOf(process.pid)).not.toBe(identity);
    other.kill('SIGKILL');
    await gone(() => isAlive(pid));
    expect(identityOf(pid)).toBeNull();
  });

  it('is none for what can be no process', () => {
    for (const pid of [0, -1, Number.NaN, 2 ** 30]) expect(identityOf(pid)).toBeNull();
  });

  it.runIf(process.platform === 'linux')(
    'is none for a process that has ended and whose parent does not ask',
    async () => {
      // The shell starts a process, tells its id, and becomes a program that never collects it.
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const pid = Number(
          await new Promise((heard) => parent.stdout.once('data', (data: Buffer) => heard(data.toString()))),
        );
        await gone(() => isAlive(pid));
        expect(() => process.kill(pid, 0)).not.toThrow();
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );

  it.runIf(process.platform !== 'win32')('comes with its command line', () => {
    expect(commandLineOf(process.pid)).toContain('node');
    expect(commandLineOf(2 ** 30)).toBeNull();
  });
});
