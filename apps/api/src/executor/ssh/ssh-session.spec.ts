import type { TargetDto } from '@aiops/contracts';
import { sshdAvailable, startSshd, until, type Sshd, type SshdOptions } from '@aiops/testing';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { ConnectionLostError } from '../errors.js';
import type { CommandRequest, CommandSession } from './command-session.js';
import { placeOf, run, SshLab } from './ssh-lab.fixture.js';

/** A zombie is dead: it only waits to be counted. */
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Ends processes that a test left running on purpose. */
function endAll(pids: number[]): void {
  for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
}

describe.runIf(sshdAvailable())('a command over a real sshd', () => {
  let engine: TestEngine;
  let lab: SshLab;
  let sshd: Sshd;
  let target: TargetDto;
  let session: CommandSession;
  let folder: string;
  const others: Sshd[] = [];

  beforeAll(async () => {
    engine = await startTestEngine();
    lab = new SshLab(engine);
    sshd = await startSshd();
    target = await lab.target(placeOf(sshd));
    (await lab.trusted(target)).close();
  });
  afterAll(async () => {
    await sshd.stop();
    await engine.stop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aiops-ssh-spec-'));
    session = await lab.connect(target);
  });
  afterEach(async () => {
    lab.closeAll();
    for (const server of others.splice(0)) await server.stop();
    rmSync(folder, { recursive: true });
  });

  const path = (name: string) => join(folder, name);
  const numbers = (name: string): number[] =>
    existsSync(path(name)) ? readFileSync(path(name), 'utf8').trim().split('\n').map(Number) : [];
  async function sessionOn(options: SshdOptions): Promise<CommandSession> {
    const server = await startSshd(options);
    others.push(server);
    return lab.trusted(await lab.target(placeOf(server)));
  }

  it('keeps exit codes, signals and both streams apart', async () => {
    expect(await run(session, 'echo out; echo err >&2; exit 7')).toMatchObject({
      exitCode: 7,
      stdout: Buffer.from('out\n'),
      stderr: Buffer.from('err\n'),
    });
    expect(await run(session, 'kill -TERM $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(await run(session, 'no-such-program-here')).toMatchObject({ exitCode: 127 });
  });

  it('brings bytes that are no text back unchanged', async () => {
    const { stdout } = await run(session, String.raw`printf '\000\377\200\001'`);
    expect([...stdout]).toEqual([0, 255, 128, 1]);
  });

  it.each([
    ['quotes', `printf '%s' 'it'\\''s "x" \`y\` $z'`, `it's "x" \`y\` $z`],
    ['newlines', `printf '%s' 'a\nb\n\nc'`, 'a\nb\n\nc'],
    ['backslashes and bangs', String.raw`printf '%s' '\\ \n !! #'`, String.raw`\\ \n !! #`],
    ['a here-document', `cat <<'END'\n$HOME 'x'\nEND`, `$HOME 'x'\n`],
    ['a backslash and a newline at its end', 'printf "%s" a \\\n', 'a'],
    ['unicode', `printf '%s' 'ü漢🔥'`, 'ü漢🔥'],
    ['100 kB of text', `printf '%s' '${'x'.repeat(100_000)}'`, 'x'.repeat(100_000)],
  ])('comes to the shell as it stands: %s', async (_what, command, wanted) => {
    expect((await run(session, command)).stdout.toString()).toBe(wanted);
  });

  it('is refused when it holds U+0000, which no shell can', async () => {
    await expect(run(session, `echo a\0b`)).rejects.toThrow('U+0000');
    expect((await run(session, 'echo on')).stdout.toString()).toBe('on\n');
  });

  it('has no input to wait for', async () => {
    expect(await run(session, 'cat; echo done')).toMatchObject({
      exitCode: 0,
      stdout: Buffer.from('done\n'),
    });
  });

  it('does not begin when it is cancelled before', async () => {
    const mark = path('mark');
    await expect(run(session, `touch ${mark}`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
      started: false,
    });
    await run(session, 'true');
    expect(existsSync(mark)).toBe(false);
  });

  async function startTree(over: Partial<CommandRequest>, on = session) {
    const file = path('pids');
    const command = `sh -c 'echo $$ >> ${file}; sleep 300' & echo $$ >> ${file}; sleep 300 & echo $! >> ${file}; wait`;
    const running = run(on, command, over);
    const pids = await until(() => numbers('pids').length === 3 && numbers('pids'), {
      description: 'the process tree to run',
    });
    expect(pids.every(isAlive)).toBe(true);
    return { running, pids };
  }

  it('ends with its whole process tree when it is cancelled', async () => {
    const cancel = new AbortController();
    const { running, pids } = await startTree({ signal: cancel.signal });
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, timedOut: false, remoteEnded: true });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('ends with its whole process tree when the time is up', async () => {
    const { running, pids } = await startTree({ timeoutMs: 2_500 });
    expect(await running).toMatchObject({ timedOut: true, cancelled: false, remoteEnded: true });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('ends with its whole process tree behind a forced command that is a shell of its own', async () => {
    const cancel = new AbortController();
    // The forced shell leads the process group and must not be what is ended.
    const forced = await sessionOn({ config: ['ForceCommand sh -c "$SSH_ORIGINAL_COMMAND"; exit $?'] });
    const { running, pids } = await startTree({ signal: cancel.signal }, forced);
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, remoteEnded: true });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('is made to end when it ignores being asked', async () => {
    const cancel = new AbortController();
    const running = run(session, `trap '' TERM; echo $$ > ${path('pid')}; while :; do sleep 1; done`, {
      signal: cancel.signal,
    });
    const [pid = 0] = await until(() => numbers('pid').length > 0 && numbers('pid'), {
      description: 'the process',
    });
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, remoteEnded: true });
    expect(isAlive(pid)).toBe(false);
  });

  it('is not said to have ended when the server takes no second channel to end it', async () => {
    const cancel = new AbortController();
    const single = await sessionOn({ config: ['MaxSessions 1'] });
    const { running, pids } = await startTree({ signal: cancel.signal }, single);
    cancel.abort();
    expect(await running).toMatchObject({ cancelled: true, remoteEnded: false });
    // The connection is of no more use, and says so without having run anything.
    await expect(run(single, 'true')).rejects.toMatchObject({ code: 'unreachable', started: false });
    endAll(pids);
  });

  it('leaves the connection usable for the next one after it was stopped', async () => {
    await run(session, 'sleep 300', { timeoutMs: 300 });
    expect((await run(session, 'echo next')).stdout.toString()).toBe('next\n');
  });

  it('ends when nobody can take its output any more', async () => {
    const file = path('pid');
    await expect(
      run(session, `echo $$ > ${file}; echo something; sleep 300`, {
        onOutput: () => Promise.reject(new Error('the disk is full')),
      }),
    ).rejects.toThrow('the disk is full');
    expect(numbers('pid').filter(isAlive)).toEqual([]);
  });

  it('is over when it left something in the background that holds its output open', async () => {
    const file = path('pid');
    const result = await run(session, `sleep 300 & echo $! > ${file}; echo started; exit 3`);
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, stdout: Buffer.from('started\n') });
    expect(numbers('pid').map(isAlive)).toEqual([true]);
    endAll(numbers('pid'));
  });

  it('gives its last output before it is over, however slowly that is taken', async () => {
    const taken: string[] = [];
    const { exitCode } = await run(session, 'seq 1 20000 >&2; echo last; exit 4', {
      onOutput: async (stream, chunk) => {
        await run(session, 'true');
        taken.push(`${stream}:${chunk.toString()}`);
      },
    });
    const text = (stream: string) =>
      taken
        .filter((part) => part.startsWith(`${stream}:`))
        .map((part) => part.slice(stream.length + 1))
        .join('');
    expect(exitCode).toBe(4);
    expect(text('stdout')).toBe('last\n');
    expect(text('stderr').trim().split('\n')).toHaveLength(20_000);
  });

  it('brings 100 MB in bounded memory', async () => {
    let bytes = 0;
    const before = process.memoryUsage.rss();
    await run(session, 'head -c 104857600 /dev/zero', {
      onOutput: async (_stream, chunk) => {
        await new Promise((next) => setImmediate(next));
        bytes += chunk.length;
      },
    });
    expect(bytes).toBe(104_857_600);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('has to wait on its host when nobody takes its output', async () => {
    const file = path('progress');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const written = () => numbers('progress').length;
    const megabytes = 64;
    const command = `i=0; while [ $i -lt ${megabytes} ]; do head -c 1048576 /dev/zero; i=$((i+1)); echo $i >> ${file}; done`;
    const running = run(session, command, { onOutput: () => held });
    await until(() => written() > 0, { description: 'the first output' });
    // Its window is full when it has made no headway while thirty other commands came and went.
    for (let seen = -1; seen !== written();) {
      seen = written();
      for (let other = 0; other < 30; other++) await run(session, 'true');
    }
    expect(written()).toBeLessThan(16);
    release();
    expect((await running).stdout).toHaveLength(0);
    expect(written()).toBe(megabytes);
  });

  it('has an end that nobody knows when the connection is cut in the middle of it', async () => {
    const own = await sessionOn({});
    const file = path('pid');
    const running = run(own, `echo $$ > ${file}; sleep 300`).catch((error: unknown) => error);
    await until(() => numbers('pid').length > 0, { description: 'the command to begin' });
    others[0]?.cutConnections();
    const lost = await running;
    expect(lost).toBeInstanceOf(ConnectionLostError);
    expect(lost).toMatchObject({ started: true });
    await expect(run(own, 'true')).rejects.toMatchObject({ started: false });
    endAll(numbers('pid'));
  });
});
