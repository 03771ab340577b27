import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { UserError } from '../../platform/index.js';
import { ConnectError, ConnectionLostError } from '../errors.js';
import { CommandOutput, type CommandEnd } from './command-output.js';
import type { CommandOutcome, CommandRequest, CommandSession } from './command-session.js';
import { MarkerFilter } from './marker.js';
import { killGroup, launcherInput, posixLauncher, powershellLauncher } from './remote-script.js';
import { watchStop, within } from './stop-watch.js';

/** Between asking a process to end and making it. */
const KILL_GRACE_SECONDS = 5;
/** How long a stop waits for the command to say which process group it is. */
const MARKER_WAIT_MS = 3_000;
/** After the kill was sent: how long to wait for the target's word before the connection is cut. */
const KILL_ANSWER_MS = (KILL_GRACE_SECONDS + 5) * 1_000;
/** After the processes are gone: how long their last output may take. */
const LAST_OUTPUT_MS = 5_000;

interface Running {
  channel: ClientChannel;
  output: CommandOutput;
  marker: MarkerFilter | undefined;
}

/** Commands over one SSH connection. */
export class SshSession implements CommandSession {
  private lost: Error | undefined;
  private readonly onLost = new Set<(error: Error) => void>();

  constructor(
    private readonly client: Client,
    private readonly targetName: string,
  ) {
    const lose = (error?: Error): void => {
      this.lost ??= error ?? new Error('the connection was closed');
      for (const tell of this.onLost) tell(this.lost);
    };
    client.on('error', lose);
    client.on('close', () => lose());
  }

  async run(request: CommandRequest): Promise<CommandOutcome> {
    const running = await this.start(request);
    const lose = (cause: Error): void => running.output.connectionLost(cause);
    this.onLost.add(lose);
    try {
      return await this.supervise(running, request);
    } finally {
      this.onLost.delete(lose);
    }
  }

  close(): void {
    this.client.end();
  }

  private async start(request: CommandRequest): Promise<Running> {
    if (request.signal.aborted) {
      throw new ConnectError('cancelled', 'It was cancelled before the command began. Nothing was run.');
    }
    const nonce = `aiops-${randomBytes(12).toString('hex')}`;
    const posix = request.shell === 'posix';
    const command = checked(request.command);
    const lost = (cause: Error): Error => this.connectionLost(cause);
    const onOutput: CommandRequest['onOutput'] = (stream, chunk) => request.onOutput(stream, chunk);
    const running = await this.exec(posix ? posixLauncher(nonce) : asPowershell(command), (channel) => {
      const marker = posix ? new MarkerFilter(nonce) : undefined;
      return { channel, marker, output: new CommandOutput(channel, onOutput, marker, lost) };
    });
    // Its failure is for whoever waits for it, and after a stop nobody does.
    running.output.end.catch(() => undefined);
    if (this.lost !== undefined) running.output.connectionLost(this.lost);
    // A command that ends without reading its input closes it; that is no failure.
    running.channel.on('error', () => undefined);
    running.channel.end(posix ? launcherInput(nonce, command) : '');
    return running;
  }

  /** `use` sees the channel before anything can come over it. */
  private exec<T>(command: string, use: (channel: ClientChannel) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error): void =>
        reject(
          new ConnectError(
            'unreachable',
            `${this.targetName} did not take the command: ${cause.message}. Nothing was run.`,
            { cause },
          ),
        );
      if (this.lost !== undefined) return refuse(this.lost);
      // The request may have reached the target when the connection is lost before its answer: nobody knows.
      const lose = (cause: Error): void => reject(this.connectionLost(cause));
      this.onLost.add(lose);
      const opened = (error: Error | undefined, channel: ClientChannel): void => {
        this.onLost.delete(lose);
        if (error !== undefined) refuse(error);
        else resolve(use(channel));
      };
      try {
        this.client.exec(command, opened);
      } catch (error) {
        // ssh2 throws when the connection is already gone.
        this.onLost.delete(lose);
        refuse(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private async supervise(running: Running, request: CommandRequest): Promise<CommandOutcome> {
    const { end } = running.output;
    const stop = watchStop(request);
    try {
      const first = await Promise.race([
        end.then((ended) => ({ ended })),
        stop.reason.then((reason) => ({ reason })),
      ]);
      if ('ended' in first) return { ...first.ended, timedOut: false, cancelled: false, remoteEnded: true };
      const remoteEnded = await this.endRemote(running);
      return {
        ...(await lastWord(running, remoteEnded)),
        timedOut: first.reason === 'timeout',
        cancelled: first.reason === 'cancel',
        remoteEnded,
      };
    } catch (error) {
      // Whoever should have taken the output failed: the command must not run on with nobody watching.
      if (!(error instanceof ConnectionLostError)) await this.endRemote(running);
      throw error;
    } finally {
      stop.clear();
    }
  }

  /** @returns whether the target said that the processes are gone. If not, the connection is of no more use. */
  private async endRemote({ channel, marker }: Running): Promise<boolean> {
    const group = marker === undefined ? undefined : await within(MARKER_WAIT_MS, marker.group);
    const ended = group !== undefined && (await within(KILL_ANSWER_MS, this.kill(group))) === true;
    if (!ended) {
      // PowerShell, a command that did not tell its group, or a group that would not go: what is left is to ask the server.
      channel.signal('TERM');
      channel.close();
      this.client.end();
    }
    return ended;
  }

  private async kill(group: number): Promise<boolean> {
    try {
      return await (
        await this.exec(killGroup(group, KILL_GRACE_SECONDS), answerOf)
      ).gone;
    } catch {
      return false;
    }
  }

  private connectionLost(cause: Error): ConnectionLostError {
    return new ConnectionLostError(
      `The connection to ${this.targetName} was lost while the command ran: ${cause.message}. Nobody knows how it ended.`,
      { cause },
    );
  }
}

/** Wrapped, because a promise that is handed on by a promise would be waited for. */
function answerOf(channel: ClientChannel): { gone: Promise<boolean> } {
  channel.resume();
  channel.stderr.resume();
  const gone = new Promise<boolean>((resolve) => {
    channel.on('exit', (code: number | null) => resolve(code === 0));
    channel.on('close', () => resolve(false));
  });
  return { gone };
}

/** How a stopped command ended, as far as the target says so. */
async function lastWord({ channel, output }: Running, remoteEnded: boolean): Promise<CommandEnd> {
  const unknown: CommandEnd = { exitCode: null, signal: null };
  const told = output.end.catch(() => unknown);
  if (!remoteEnded) return unknown;
  const end = await within(LAST_OUTPUT_MS, told);
  if (end === undefined) channel.close();
  return end ?? unknown;
}

/** Shells cannot hold U+0000: they drop it, and run something else than what was asked for. */
function checked(command: string): string {
  if (!command.includes('\0')) return command;
  throw UserError.invalid('command', 'It must not contain the character U+0000');
}

function asPowershell(command: string): string {
  const line = powershellLauncher(command);
  if (line !== null) return line;
  throw UserError.invalid(
    'command',
    'It is too long for a Windows command line: at most about 2,800 characters',
  );
}
