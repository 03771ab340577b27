import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';

/** A host that is reached over SSH and runs what it is told, like any other. */
export interface DemoHost {
  port: number;
  username: string;
  /** Private key that it accepts. */
  privateKey: string;
  stop(): Promise<void>;
}

export const DEMO_USER = 'operator';

/**
 * Starts an SSH server on loopback that runs commands in real shells of this machine. It is a server of our own, so that
 * the demo needs no OpenSSH server; the acceptance tests use a real one.
 */
export async function startDemoHost(folder: string, bin: string): Promise<DemoHost> {
  mkdirSync(folder, { recursive: true });
  const hostKey = keyPair(join(folder, 'host-key.json'));
  const userKey = keyPair(join(folder, 'user-key.json'));
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) =>
    serve(client, userKey.public, bin),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    username: DEMO_USER,
    privateKey: userKey.private,
    stop: () => new Promise((closed) => server.close(() => closed())),
  };
}

interface KeyPair {
  private: string;
  public: string;
}

function keyPair(file: string): KeyPair {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as KeyPair;
  // Not Ed25519: this generator drops leading zeros of such keys, and one in 256 cannot be read again.
  const pair = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  writeFileSync(file, JSON.stringify(pair), { mode: 0o600 });
  return pair;
}

function serve(client: Connection, allowedKey: string, bin: string): void {
  client.on('authentication', (context) =>
    isAllowed(context, allowedKey) ? context.accept() : context.reject(['publickey']),
  );
  client.on('error', () => undefined);
  client.on('session', (accept) => {
    const session = accept();
    let pid: number | undefined;
    session.on('exec', (acceptExec, _reject, { command }) => {
      pid = runCommand(acceptExec(), command, bin);
    });
    session.on('signal', (_accept, _reject, { name }) => {
      if (pid !== undefined) process.kill(-pid, `SIG${name}` as NodeJS.Signals);
    });
  });
}

function isAllowed(context: AuthContext, allowedKey: string): boolean {
  if (context.method !== 'publickey' || context.username !== DEMO_USER) return false;
  const allowed = ssh2.utils.parseKey(allowedKey);
  const key: ssh2.ParsedKey | Error | undefined = [allowed].flat()[0];
  if (key === undefined || key instanceof Error) return false;
  if (context.key.algo !== key.type || !context.key.data.equals(key.getPublicSSH())) return false;
  // Without a signature the client only asks whether this key would do.
  if (context.signature === undefined || context.blob === undefined) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/** Runs in a process group of its own, as sshd does, so that the whole tree can be ended. */
function runCommand(channel: ServerChannel, command: string, bin: string): number | undefined {
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  // Streams may be held open by a service that was started; the command's own end counts.
  child.on('exit', (code, signal) => {
    setImmediate(() => {
      if (code !== null) channel.exit(code);
      else channel.exit(signal?.replace('SIG', '') ?? 'KILL');
      channel.end();
    });
  });
  return child.pid;
}
