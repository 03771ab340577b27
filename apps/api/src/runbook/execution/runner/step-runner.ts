import { Inject, Injectable } from '@nestjs/common';
import {
  ConnectError,
  ConnectionLostError,
  HttpClient,
  HttpRequestError,
  type CommandRequest,
  type Target,
} from '../../../executor/index.js';
import { messageOf, OperationalError, UserError } from '../../../platform/index.js';
import type { StepOutcome } from '../machine/events.js';
import type { OutputWriter } from '../output/output-writer.js';
import { StepStream } from '../output/step-output.js';
import type { SessionPool } from './session-pool.js';
import { commandOutcome, httpFailure, httpOutcome, type CommandEnd } from './step-outcome.js';
import type { StepAction } from '../plan/step-text.js';
import type { Preparation } from './step-preparation.js';

type CommandAction = Extract<StepAction, { kind: 'command' }>;
type HttpAction = Extract<StepAction, { kind: 'http' }>;

export interface StepStart {
  index: number;
  attempt: number;
  run: NonNullable<Preparation['run']>;
  secrets: string[];
  signal: AbortSignal;
  sessions: SessionPool;
  writer: OutputWriter;
}

/** What sends requests: the executor. */
export type HttpSender = Pick<HttpClient, 'send'>;

/** Does what a step says, on its target or over HTTP, and says how it ended. Never throws for what a step can do wrong. */
@Injectable()
export class StepRunner {
  constructor(@Inject(HttpClient) private readonly http: HttpSender) {}

  async run(start: StepStart): Promise<StepOutcome> {
    const streams = openStreams(start);
    try {
      return await this.perform(start, streams);
    } catch (error) {
      return this.failure(start, error);
    } finally {
      streams.stdout.end();
      streams.stderr.end();
    }
  }

  private perform(start: StepStart, streams: Streams): Promise<StepOutcome> {
    const { action } = start.run;
    return action.kind === 'command' ? runCommand(start, streams, action) : this.send(start, streams, action);
  }

  private async send(
    start: StepStart,
    streams: Streams,
    { step, request }: HttpAction,
  ): Promise<StepOutcome> {
    const answer = await this.http.send({ ...request, timeoutMs: step.timeoutMs, signal: start.signal });
    start.writer.note(start.index, start.attempt, `HTTP ${answer.status}`);
    streams.stdout.write(Buffer.from(answer.body));
    streams.stdout.end();
    return httpOutcome(step, { status: answer.status, body: streams.stdout.text });
  }

  /** `started` tells whether anything may have happened on the other side. */
  private async failure(start: StepStart, error: unknown): Promise<StepOutcome> {
    const { target, action } = start.run;
    const lost = error instanceof ConnectionLostError;
    if (lost && target !== null) await start.sessions.drop(target);
    if (start.signal.aborted) return { kind: 'cancelled', mayStillRun: lost };
    if (error instanceof HttpRequestError && action.kind === 'http') return httpFailure(action.step, error);
    if (lost) return { kind: 'unknown', reason: messageOf(error) };
    if (error instanceof OperationalError || error instanceof UserError) {
      return { kind: 'failed', reason: messageOf(error), exitCode: null, result: null };
    }
    throw error;
  }
}

interface Streams {
  stdout: StepStream;
  stderr: StepStream;
}

function openStreams({ index, attempt, secrets, writer }: StepStart): Streams {
  return {
    stdout: new StepStream(secrets, (text) => writer.write(index, attempt, 'stdout', text)),
    stderr: new StepStream(secrets, (text) => writer.write(index, attempt, 'stderr', text)),
  };
}

async function runCommand(
  start: StepStart,
  streams: Streams,
  { step, command }: CommandAction,
): Promise<StepOutcome> {
  const { target } = start.run;
  if (target === null) throw new TypeError('A command needs a target');
  const request: CommandRequest = {
    command,
    shell: target.shell,
    timeoutMs: step.timeoutMs,
    signal: start.signal,
    onOutput: (stream, chunk) => {
      streams[stream].write(chunk);
      return start.writer.pressure();
    },
  };
  const end = await runOn(start, target, request);
  streams.stdout.end();
  streams.stderr.end();
  return commandOutcome(step, end, { stdout: streams.stdout.text, stderr: streams.stderr.text });
}

/** A connection that went away between two steps is opened again: nothing was run on it. */
async function runOn(start: StepStart, target: Target, request: CommandRequest): Promise<CommandEnd> {
  const session = await start.sessions.get(target, start.signal);
  try {
    return await session.run(request);
  } catch (error) {
    if (!(error instanceof ConnectError) || start.signal.aborted) throw error;
    await start.sessions.drop(target);
    return (await start.sessions.get(target, start.signal)).run(request);
  }
}
