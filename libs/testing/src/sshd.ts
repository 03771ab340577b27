import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { createThrowAwayUser, type ThrowAwayUser } from './throw-away-user.js';
import { until } from './until.js';
import type { SshKeyType } from './ssh-key.js';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

/** Whether this machine has an OpenSSH server; tests that need one say so where it has none. */
export const sshdAvailable = (): boolean => SSHD !== undefined;

export interface SshdOptions {
  /** Keeps its keys over restarts; without one it gets a temporary folder. */
  folder?: string;
  port?: number;
  /** Kinds of host key it has; ed25519 alone unless told otherwise. */
  hostKeyTypes?: SshKeyType[];
  /** Public keys that it accepts besides its own `privateKey`, as lines of an authorized_keys file. */
  authorizedKeys?: string[];
  /**
   * Lets a user in by password, who is made for this server and removed with it. Needs root, because nobody else may
   * read /etc/shadow: see `whyNoThrowAwayUser`.
   */
  password?: boolean;
  /** More lines for sshd_config; the first of a kind counts, so these go before ours. */
  config?: string[];
}

/** A real OpenSSH server on loopback with keys of its own; it lets in the user who runs the tests. */
export interface Sshd {
  host: string;
  port: number;
  username: string;
  /** Of the user, when it was started with `password`. */
  password: string | undefined;
  /** Private key that it accepts, in OpenSSH form. */
  privateKey: string;
  /** Fingerprint of a host key, as OpenSSH writes it: `SHA256:…`. */
  hostKeyFingerprint(type?: SshKeyType): string;
  /** Gives it other host keys, as a reinstalled host (or somebody in between) would have. */
  replaceHostKey(types?: SshKeyType[]): Promise<void>;
  /** Cuts every connection that is open; the listener stays. */
  cutConnections(): void;
  /** Ids of the processes that serve open connections. */
  sessions(): number[];
  stop(): Promise<void>;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = SSHD;
  if (sshd === undefined) throw new Error('There is no sshd on this machine: install openssh-server');
  const user = options.password === true ? createThrowAwayUser() : undefined;
  const folder = prepareFolder(options, user);
  const path = (name: string) => join(folder, name);
  const port = options.port ?? (await freePort());
  const start = (types: SshKeyType[]): Promise<ChildProcess> => {
    for (const type of types) makeKey(path(hostKeyFile(type)), type);
    writeFileSync(path('sshd_config'), configuration(folder, port, types, options));
    return launch(sshd, path('sshd_config'), port);
  };
  let types = options.hostKeyTypes ?? ['ed25519'];
  const leaveNothing = guard(folder, options.folder === undefined, user);
  let server = await start(types);
  return {
    host: '127.0.0.1',
    port,
    username: user?.name ?? userInfo().username,
    password: user?.password,
    privateKey: readFileSync(path('user_key'), 'utf8'),
    hostKeyFingerprint: (type = types[0] ?? 'ed25519') => fingerprintOf(path(`${hostKeyFile(type)}.pub`)),
    replaceHostKey: async (wanted = types) => {
      await end(server);
      for (const type of types)
        for (const ending of ['', '.pub']) rmSync(path(`${hostKeyFile(type)}${ending}`));
      types = wanted;
      server = await start(types);
    },
    cutConnections: () => children(server.pid ?? 0).forEach(endProcess),
    sessions: () => children(server.pid ?? 0),
    stop: async () => {
      children(server.pid ?? 0).forEach(endProcess);
      await end(server);
      user?.remove();
      await leaveNothing();
    },
  };
}

const hostKeyFile = (type: SshKeyType): string => (type === 'ed25519' ? 'host_key' : `host_key_${type}`);

function prepareFolder(options: SshdOptions, user: ThrowAwayUser | undefined): string {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'aiops-sshd-'));
  mkdirSync(folder, { recursive: true });
  // sshd reads authorized_keys as the user who signs in.
  chmodSync(folder, user === undefined ? 0o700 : 0o711);
  makeKey(join(folder, 'user_key'), 'ed25519');
  const own = readFileSync(join(folder, 'user_key.pub'), 'utf8').trim();
  const lines = [own, ...(options.authorizedKeys ?? [])].join('\n');
  writeFileSync(join(folder, 'authorized_keys'), `${lines}\n`, { mode: 0o644 });
  // Privilege separation of a root sshd wants this empty folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  return folder;
}

function makeKey(file: string, type: SshKeyType): void {
  if (existsSync(file)) return;
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'aiops-test', '-f', file]);
}

function fingerprintOf(publicKeyFile: string): string {
  const blob = Buffer.from(readFileSync(publicKeyFile, 'utf8').split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function configuration(folder: string, port: number, types: SshKeyType[], options: SshdOptions): string {
  return [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...types.map((type) => `HostKey ${join(folder, hostKeyFile(type))}`),
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `PidFile ${join(folder, 'sshd.pid')}`,
    'StrictModes no',
    'UsePAM no',
    `PasswordAuthentication ${options.password === true ? 'yes' : 'no'}`,
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

/** $1 folder, $2 whether it goes, $3 user that goes. The end of the input is the end of the process that made them. */
const cleaner = `
read -r _
[ -r "$1/sshd.pid" ] && kill "$(cat "$1/sshd.pid")" 2>/dev/null
[ -z "$3" ] || /usr/sbin/userdel --force "$3" 2>/dev/null
[ "$2" = keep ] || rm -rf "$1"
`;

/** A small shell clears up when this process says so, or is killed and cannot. */
function guard(folder: string, throwAway: boolean, user: ThrowAwayUser | undefined): () => Promise<void> {
  const args = ['-c', cleaner, 'sh', folder, throwAway ? 'remove' : 'keep', user?.name ?? ''];
  // Out of reach of Ctrl-C, which must not end the guard with the tests.
  const shell = spawn('sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  const ended = new Promise<void>((done) => shell.once('exit', () => done()));
  shell.unref();
  return async () => {
    shell.ref();
    shell.stdin.end();
    await ended;
  };
}

async function launch(sshd: string, config: string, port: number): Promise<ChildProcess> {
  const server = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-4000)));
  let over = false;
  server.once('exit', () => (over = true));
  await until(() => over || answers(port), { description: `sshd to listen on port ${port}` });
  if (over) throw new Error(`sshd ended: ${log}`);
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
