import type { CredentialDto, HostKeyDto, PageDto, TargetDto, TargetTestResult } from '@aiops/contracts';
import { sshdAvailable, startSshd, until, type Sshd } from '@aiops/testing';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Breakers } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { ConnectionLostError } from '../errors.js';
import { TargetReader } from '../target/target.reader.js';
import type { CommandRequest, CommandSession } from './command-session.js';
import { CommandSessions } from './command-sessions.service.js';

const never = new AbortController().signal;
/** A zombie is dead: it only waits to be counted. */
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe.runIf(sshdAvailable())('commands over a real sshd', () => {
  let engine: TestEngine;
  let sshd: Sshd;
  let folder: string;
  let target: TargetDto;
  const open: CommandSession[] = [];

  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aiops-ssh-spec-'));
    sshd = await startSshd();
    target = await newTarget(sshd.privateKey);
  });
  afterEach(async () => {
    for (const session of open.splice(0)) session.close();
    await sshd.stop();
    rmSync(folder, { recursive: true });
    engine.app.get(Breakers).reset(`target:${target.name}`);
  });

  async function newTarget(privateKey: string): Promise<TargetDto> {
    const name = `web-${Math.random().toString(36).slice(2)}`;
    const credential = await engine.api<CredentialDto>('POST', '/credentials', {
      body: { name: `key-${name}`, kind: 'ssh_key', secret: privateKey },
    });
    expect(credential.status).toBe(201);
    const { host, port, username } = sshd;
    const made = await engine.api<TargetDto>('POST', '/targets', {
      body: { name, host, port, username, credential_id: credential.body.id },
    });
    expect(made.status).toBe(201);
    return made.body;
  }
  const keys = async () =>
    (await engine.api<PageDto<HostKeyDto>>('GET', `/targets/${target.id}/host-keys`)).body.data;
  async function acceptNewest(): Promise<void> {
    const key = (await keys()).find((candidate) => candidate.status === 'pending');
    await engine.api('POST', `/targets/${target.id}/host-keys/${key?.id ?? ''}/accept`);
  }
  async function connect(): Promise<CommandSession> {
    const row = await engine.app.get(TargetReader).get(target.id);
    const session = await engine.app.get(CommandSessions).open(row, { signal: never });
    open.push(session);
    return session;
  }
  async function trusted(): Promise<CommandSession> {
    await expect(connect()).rejects.toMatchObject({ code: 'unknown_host_key' });
    await acceptNewest();
    return connect();
  }
  async function run(session: CommandSession, command: string, over: Partial<CommandRequest> = {}) {
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    const outcome = await session.run({
      command,
      shell: 'posix',
      timeoutMs: 30_000,
      signal: never,
      onOutput: (stream, chunk) => void output[stream].push(chunk),
      ...over,
    });
    return { ...outcome, stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr) };
  }

  it('asks before it trusts a host, and connects once a person accepted its key', async () => {
    await expect(connect()).rejects.toMatchObject({ code: 'unknown_host_key', started: false });
    expect(await keys()).toMatchObject([
      { status: 'pending', fingerprint: sshd.hostKeyFingerprint(), algorithm: 'ssh-ed25519' },
    ]);
    await acceptNewest();
    expect(await keys()).toMatchObject([{ status: 'accepted', accepted_by: 'admin' }]);
    const { stdout, exitCode } = await run(await connect(), 'echo hello');
    expect([stdout.toString(), exitCode]).toEqual(['hello\n', 0]);
  });

  it('blocks a host whose key changed, shows both fingerprints, and trusts the new one only when told', async () => {
    const before = sshd.hostKeyFingerprint();
    (await trusted()).close();
    await sshd.replaceHostKey();
    const after = sshd.hostKeyFingerprint();
    const blocked = await connect().catch((error: unknown) => error);
    expect(blocked).toMatchObject({ code: 'host_key_changed' });
    expect(String(blocked)).toContain(before);
    expect(String(blocked)).toContain(after);
    const shown = await engine.api<TargetDto>('GET', `/targets/${target.id}`);
    expect(shown.body.host_key_status).toBe('changed');
    await acceptNewest();
    await connect();
    expect((await keys()).map((key) => key.status).sort()).toEqual(['accepted', 'revoked']);
  });

  it('says that the sign-in was refused when the key is another one', async () => {
    const other = ssh2.utils.generateKeyPairSync('ed25519').private;
    target = await newTarget(other);
    await expect(connect()).rejects.toMatchObject({ code: 'unknown_host_key' });
    await acceptNewest();
    const refused = await connect().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'login_refused' });
    expect(String(refused)).toContain('Nothing was run');
  });

  it('says that nothing listens, and stops trying after several times', async () => {
    await sshd.stop();
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(connect()).rejects.toMatchObject({ code: 'unreachable' });
    }
    await expect(connect()).rejects.toThrow('several times in a row');
  });

  it('keeps exit codes, signals and both streams apart', async () => {
    const session = await trusted();
    expect(await run(session, 'echo out; echo err >&2; exit 7')).toMatchObject({
      exitCode: 7,
      stdout: Buffer.from('out\n'),
      stderr: Buffer.from('err\n'),
    });
    expect(await run(session, 'kill -TERM $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
  });

  it('brings bytes that are no text back unchanged', async () => {
    const { stdout } = await run(await trusted(), String.raw`printf '\000\377\200\001'`);
    expect([...stdout]).toEqual([0, 255, 128, 1]);
  });

  it.each([
    ['quotes', `printf '%s' 'it'\\''s "x" \`y\` $z'`, `it's "x" \`y\` $z`],
    ['newlines', `printf '%s' 'a\nb\n\nc'`, 'a\nb\n\nc'],
    ['backslashes and bangs', String.raw`printf '%s' '\\ \n !! #'`, String.raw`\\ \n !! #`],
    ['a here-document', `cat <<'END'\n$HOME 'x'\nEND`, `$HOME 'x'\n`],
    ['unicode', `printf '%s' 'ü漢🔥'`, 'ü漢🔥'],
  ])('gives the command to the shell as it stands: %s', async (_what, command, wanted) => {
    expect((await run(await trusted(), command)).stdout.toString()).toBe(wanted);
  });

  it('gives a command no input to wait for', async () => {
    expect(await run(await trusted(), 'cat; echo done')).toMatchObject({
      exitCode: 0,
      stdout: Buffer.from('done\n'),
    });
  });

  async function startTree(session: CommandSession, over: Partial<CommandRequest>) {
    const file = join(folder, 'pids');
    const command = `sh -c 'echo $$ >> ${file}; sleep 300' & echo $$ >> ${file}; sleep 300 & echo $! >> ${file}; wait`;
    const running = run(session, command, over);
    const pids = await until(
      () => {
        const found = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
        return found.length === 3 && found;
      },
      { description: 'the process tree to run' },
    );
    expect(pids.every(isAlive)).toBe(true);
    return { running, pids };
  }

  it('ends the whole remote process tree when it is cancelled', async () => {
    const cancel = new AbortController();
    const { running, pids } = await startTree(await trusted(), { signal: cancel.signal });
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, timedOut: false, remoteEnded: true });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('ends the whole remote process tree when the time is up', async () => {
    const { running, pids } = await startTree(await trusted(), { timeoutMs: 1_500 });
    expect(await running).toMatchObject({ timedOut: true, cancelled: false, remoteEnded: true });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('makes a process end that ignores being asked', async () => {
    const cancel = new AbortController();
    const file = join(folder, 'stubborn');
    const running = run(await trusted(), `trap '' TERM; echo $$ > ${file}; while :; do sleep 1; done`, {
      signal: cancel.signal,
    });
    const pid = await until(() => existsSync(file) && Number(readFileSync(file, 'utf8')), {
      description: 'the process',
    });
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, remoteEnded: true });
    expect(isAlive(pid)).toBe(false);
  });

  it('goes on with the next command on the same connection after one was cancelled', async () => {
    const session = await trusted();
    await run(session, 'sleep 300', { timeoutMs: 300 });
    expect((await run(session, 'echo next')).stdout.toString()).toBe('next\n');
  });

  it('makes the target wait when nobody takes its output, so that 100 MB need no memory', async () => {
    const session = await trusted();
    let bytes = 0;
    let waiting = 0;
    let most = 0;
    const before = process.memoryUsage.rss();
    await run(session, 'head -c 104857600 /dev/zero', {
      onOutput: async (_stream, chunk) => {
        waiting += chunk.length;
        most = Math.max(most, waiting);
        await new Promise((next) => setImmediate(next));
        waiting -= chunk.length;
        bytes += chunk.length;
      },
    });
    expect(bytes).toBe(104_857_600);
    expect(most).toBeLessThan(8 * 1024 * 1024);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('says that nobody knows how a command ended when the connection is cut in the middle of it', async () => {
    const file = join(folder, 'began');
    const running = run(await trusted(), `touch ${file}; sleep 300`).catch((error: unknown) => error);
    await until(() => existsSync(file), { description: 'the command to begin' });
    sshd.cutConnections();
    const lost = await running;
    expect(lost).toBeInstanceOf(ConnectionLostError);
    expect(lost).toMatchObject({ started: true });
    execFileSync('pkill', ['-f', `touch ${file}`]);
  });

  it('checks a target stage by stage', async () => {
    const check = async () => (await engine.api<TargetTestResult>('POST', `/targets/${target.id}/test`)).body;
    const first = await check();
    expect(first.stages.map((stage) => `${stage.name} ${stage.ok}`)).toEqual([
      'resolve true',
      'connect true',
      'host_key false',
    ]);
    expect(first.stages.at(-1)?.message).toContain('accept it under Targets');
    await acceptNewest();
    const second = await check();
    expect(second.stages.map((stage) => stage.name)).toEqual([
      'resolve',
      'connect',
      'host_key',
      'login',
      'command',
    ]);
    expect(second.ok).toBe(true);
  });
});
