import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sshdAvailable, startSshd, type Sshd } from './sshd.js';
import { isAlive, whyNoThrowAwayUser } from './throw-away-user.js';
import { until } from './until.js';

describe.runIf(sshdAvailable())('a real sshd', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aiops-sshd-spec-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Asks with the machine's own ssh, which knows nothing of our client. */
  function ssh(sshd: Sshd, command: string): string {
    const key = join(folder, 'key');
    writeFileSync(key, sshd.privateKey, { mode: 0o600 });
    const options = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      'BatchMode=yes',
    ];
    const args = [...options.flatMap((option) => ['-o', option]), '-i', key, '-p', String(sshd.port)];
    return execFileSync('ssh', [...args, `${sshd.username}@${sshd.host}`, command], { encoding: 'utf8' });
  }

  it('lets its key in, and shows another host key once it was replaced', async () => {
    const sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa'] });
    try {
      expect(ssh(sshd, 'echo $((6 * 7))')).toBe('42\n');
      const scan = () =>
        execFileSync(
          'sh',
          ['-c', `ssh-keyscan -t ed25519 -p ${sshd.port} 127.0.0.1 2>/dev/null | ssh-keygen -lf -`],
          {
            encoding: 'utf8',
          },
        );
      const before = sshd.hostKeyFingerprint();
      expect(scan()).toContain(before);
      await sshd.replaceHostKey();
      expect(scan()).toContain(sshd.hostKeyFingerprint());
      expect(sshd.hostKeyFingerprint()).not.toBe(before);
    } finally {
      await sshd.stop();
    }
  });

  const noUser = whyNoThrowAwayUser();
  it.skipIf(noUser !== null)(`takes the user of a password with it (${noUser ?? 'as root'})`, async () => {
    const sshd = await startSshd({ password: true });
    const exists = () => readFileSync('/etc/passwd', 'utf8').includes(`${sshd.username}:`);
    expect(exists()).toBe(true);
    expect(ssh(sshd, 'id -un')).toBe(`${sshd.username}\n`);
    await sshd.stop();
    expect(exists()).toBe(false);
  });

  it('leaves no server and no folder behind when the process that started it is killed', async () => {
    const script = join(folder, 'start.mjs');
    const source = new URL('./sshd.ts', import.meta.url).href;
    // The sources import each other by their built names, which Vite's loader maps and plain Node.js does not.
    writeFileSync(
      script,
      `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => next(name.startsWith('./') ? name.replace(/\\.js$/, '.ts') : name, context) });
      const { startSshd } = await import(${JSON.stringify(source)});
      const sshd = await startSshd();
      console.log(sshd.port, process.env.TMPDIR);
      setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await until(() => out.includes('\n'), { description: 'the sshd to start' });
    const [made = ''] = execFileSync('ls', [folder], { encoding: 'utf8' }).match(/aiops-sshd-\S+/) ?? [];
    const pid = Number(readFileSync(join(folder, made, 'sshd.pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !isAlive(pid) && !existsSync(join(folder, made)), {
      description: 'server and folder to go',
    });
  });
});
