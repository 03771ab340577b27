import { describe, expect, it } from 'vitest';
import { parseRunbook } from '@aiops/runbook-format';
import {
  ConnectError,
  ConnectionLostError,
  HttpRequestError,
  type CommandOutcome,
  type CommandRequest,
  type CommandSession,
  type HttpResponse,
  type Target,
} from '../../../executor/index.js';
import { OutputWriter } from '../output/output-writer.js';
import { SessionPool, type SessionOpener } from './session-pool.js';
import { StepRunner, type HttpSender, type StepStart } from './step-runner.js';

const target = { id: 'target-1', name: 'web-1', shell: 'posix' } as Target;
const ended: CommandOutcome = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  cancelled: false,
  remoteEnded: true,
};

/** Connections whose commands do what a test says; each connection may serve several. */
class FakeSessions implements SessionOpener {
  opened = 0;
  closed = 0;
  readonly commands: string[] = [];
  constructor(
    private readonly behave: (
      request: CommandRequest,
      connection: number,
    ) => CommandOutcome | Promise<CommandOutcome>,
  ) {}

  async open(): Promise<CommandSession> {
    const connection = ++this.opened;
    return {
      run: async (request) => {
        this.commands.push(request.command);
        return this.behave(request, connection);
      },
      close: () => void this.closed++,
    };
  }
}

function action(yaml: string): StepStart['run'] {
  const { runbook, errors } = parseRunbook(`name: r\nsteps:\n  - ${yaml}`);
  const step = runbook?.steps[0];
  if (step === undefined) throw new Error(JSON.stringify(errors));
  if (step.kind === 'command')
    return { target, action: { kind: 'command', step, command: step.command.posix ?? '' } };
  return {
    target: null,
    action: {
      kind: 'http',
      step,
      request: { method: step.http.method, url: step.http.url, headers: {}, body: null },
    },
  };
}

function start(run: StepStart['run'], sessions: FakeSessions, signal = new AbortController().signal) {
  const stored: string[] = [];
  const writer = new OutputWriter({ nextSequence: 1, bytes: 0 }, 1000, async (pieces) => {
    stored.push(...pieces.map((piece) => `${piece.stream}: ${piece.text}`));
  });
  const pool = new SessionPool(sessions);
  return {
    start: { index: 0, attempt: 1, run, secrets: ['hunter2'], signal, sessions: pool, writer },
    stored,
    writer,
  };
}
const noHttp: HttpSender = { send: () => Promise.reject(new Error('not expected')) };
const runCommand = (yaml: string, sessions: FakeSessions, signal?: AbortSignal) =>
  new StepRunner(noHttp).run(start(action(yaml), sessions, signal).start);

describe('a command step', () => {
  it('succeeds by exit code and output, and keeps a registered result without the line end', async () => {
    const sessions = new FakeSessions(async ({ onOutput }) => {
      await onOutput('stdout', Buffer.from('47'));
      await onOutput('stdout', Buffer.from('11\n'));
      await onOutput('stderr', Buffer.from('hun'));
      await onOutput('stderr', Buffer.from('ter2'));
      return ended;
    });
    const {
      start: begun,
      stored,
      writer,
    } = start(action('{ name: a, command: "pidof x", register: pid }'), sessions);
    const outcome = await new StepRunner(noHttp).run(begun);
    expect(outcome).toEqual({
      kind: 'succeeded',
      exitCode: 0,
      result: { stdout: '4711', stderr: '***', exitCode: 0, status: null },
    });
    await writer.flush();
    expect(stored).toEqual(['stdout: 4711\n', 'stderr: ***']);
  });

  it('fails by exit code, by output and by signal, each said', async () => {
    const ending = (end: Partial<CommandOutcome>) => new FakeSessions(() => ({ ...ended, ...end }));
    expect(await runCommand('{ name: a, command: x }', ending({ exitCode: 2 }))).toMatchObject({
      kind: 'failed',
      exitCode: 2,
    });
    expect(await runCommand('{ name: a, command: x, expected_output: up }', ending({}))).toMatchObject({
      kind: 'failed',
      exitCode: 0,
    });
    const killed = await runCommand('{ name: a, command: x }', ending({ exitCode: null, signal: 'SEGV' }));
    expect(killed).toMatchObject({ kind: 'failed', reason: 'It was ended by the signal SEGV.' });
  });

  it('opens a connection that went away between two steps again, since nothing was run on it', async () => {
    const sessions = new FakeSessions((_request, connection) => {
      if (connection === 1) throw new ConnectError('unreachable', 'gone');
      return ended;
    });
    expect(await runCommand('{ name: a, command: x }', sessions)).toMatchObject({ kind: 'succeeded' });
    expect(sessions).toMatchObject({ opened: 2, closed: 1 });
  });

  it('fails when no connection comes about, and nobody knows when one is lost', async () => {
    const refusing = new FakeSessions(() => {
      throw new ConnectError('login_refused', 'wrong key');
    });
    expect(await runCommand('{ name: a, command: x }', refusing)).toMatchObject({
      kind: 'failed',
      reason: 'wrong key',
    });
    const losing = new FakeSessions(() => {
      throw new ConnectionLostError('cut');
    });
    expect(await runCommand('{ name: a, command: x }', losing)).toEqual({ kind: 'unknown', reason: 'cut' });
    expect(losing.commands).toHaveLength(1);
  });

  it('that was stopped says whether the target confirmed it', async () => {
    const late = new FakeSessions(() => ({ ...ended, exitCode: null, timedOut: true, remoteEnded: false }));
    expect(await runCommand('{ name: a, command: x, timeout: 2s }', late)).toEqual({
      kind: 'timed_out',
      reason: 'It took longer than 2s and was told to stop; nobody knows whether it did.',
      mayStillRun: true,
    });
    const stopped = new FakeSessions(() => ({ ...ended, exitCode: null, cancelled: true }));
    expect(await runCommand('{ name: a, command: x }', stopped)).toEqual({
      kind: 'cancelled',
      mayStillRun: false,
    });
    const cut = new FakeSessions(() => {
      throw new ConnectionLostError('cut');
    });
    expect(await runCommand('{ name: a, command: x }', cut, AbortSignal.abort())).toEqual({
      kind: 'cancelled',
      mayStillRun: true,
    });
  });
});

describe('an HTTP step', () => {
  const get = '{ name: a, http: { url: "https://lb.example/" }, register: answer }';
  const post = '{ name: a, http: { method: POST, url: "https://lb.example/" } }';
  const send = (yaml: string, answer: () => Promise<HttpResponse>) =>
    new StepRunner({ send: answer }).run(start(action(yaml), new FakeSessions(() => ended)).start);

  it('passes on its answer', async () => {
    const outcome = await send(get, async () => ({ status: 200, headers: {}, body: '{"a": "hunter2"}' }));
    expect(outcome).toMatchObject({ kind: 'succeeded', result: { stdout: '{"a": "***"}', status: 200 } });
  });

  it('without an answer failed, unless it may have had its effect: then nobody knows', async () => {
    const failing = (started: boolean, timedOut: boolean) => () =>
      Promise.reject(new HttpRequestError('no answer', started, timedOut));
    expect(await send(post, failing(false, false))).toMatchObject({ kind: 'failed' });
    expect(await send(get, failing(true, false))).toMatchObject({ kind: 'failed' });
    expect(await send(post, failing(true, false))).toMatchObject({ kind: 'unknown' });
    expect(await send(post, failing(true, true))).toMatchObject({ kind: 'timed_out', mayStillRun: true });
    expect(await send(get, failing(true, true))).toMatchObject({ kind: 'timed_out', mayStillRun: false });
  });
});
