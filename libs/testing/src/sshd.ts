import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { until } from './until.js';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

/** Whether this machine has an OpenSSH server; tests that need one say so where it has none. */
export const sshdAvailable = (): boolean => SSHD !== undefined;

/** A real OpenSSH server on loopback with keys of its own; it lets in the user who runs the tests. */
export interface Sshd {
  host: string;
  port: number;
  username: string;
  /** Private key that it accepts, in OpenSSH form. */
  privateKey: string;
  /** Fingerprint of its host key, as OpenSSH writes it: `SHA256:…`. */
  hostKeyFingerprint(): string;
  /** Gives it another host key, as a reinstalled host (or somebody in between) would have. */
  replaceHostKey(): Promise<void>;
  /** Cuts every connection that is open; the listener stays. */
  cutConnections(): void;
  /** Ids of the processes that serve open connections. */
  sessions(): number[];
  stop(): Promise<void>;
}

function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'aiops-test', '-f', file]);
}

function fingerprintOf(publicKeyFile: string): string {
  const blob = Buffer.from(readFileSync(publicKeyFile, 'utf8').split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Starts the server. `folder` keeps its keys over restarts; without one it gets a temporary folder. */
export async function startSshd(options: { folder?: string; port?: number } = {}): Promise<Sshd> {
  if (SSHD === undefined) throw new Error('There is no sshd on this machine: install openssh-server');
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'aiops-sshd-'));
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const path = (name: string) => join(folder, name);
  if (!existsSync(path('host_key'))) makeKey(path('host_key'));
  if (!existsSync(path('user_key'))) makeKey(path('user_key'));
  writeFileSync(path('authorized_keys'), readFileSync(path('user_key.pub')), { mode: 0o600 });
  const port = options.port ?? (await freePort());
  writeFileSync(path('sshd_config'), configuration(folder, port));
  // Privilege separation of a root sshd wants this empty folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  let server = await launch(SSHD, path('sshd_config'), port);
  return {
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    privateKey: readFileSync(path('user_key'), 'utf8'),
    hostKeyFingerprint: () => fingerprintOf(path('host_key.pub')),
    replaceHostKey: async () => {
      await end(server);
      for (const file of ['host_key', 'host_key.pub']) rmSync(path(file));
      makeKey(path('host_key'));
      server = await launch(SSHD ?? '', path('sshd_config'), port);
    },
    cutConnections: () => {
      for (const pid of children(server.pid ?? 0)) endProcess(pid);
    },
    sessions: () => children(server.pid ?? 0),
    stop: async () => {
      for (const pid of children(server.pid ?? 0)) endProcess(pid);
      await end(server);
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host_key')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `PidFile ${join(folder, 'sshd.pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'UseDNS no',
    'PrintMotd no',
    'MaxStartups 200',
    'MaxSessions 50',
    'LogLevel ERROR',
    '',
  ].join('\n');
}

async function launch(sshd: string, config: string, port: number): Promise<ChildProcess> {
  const server = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-4000)));
  await until(
    async () => {
      if (server.exitCode !== null) throw new Error(`sshd ended: ${log}`);
      return answers(port);
    },
    { description: `sshd to listen on port ${port}` },
  );
  return server;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}

function children(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}
