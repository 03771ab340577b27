import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { ConnectError, ConnectionLostError } from '../errors.js';
import type { CommandOutcome, CommandRequest, CommandSession } from './command-session.js';
import { MarkerFilter } from './marker.js';
import { killGroup, posixLauncher, powershellLauncher } from './remote-script.js';

/** Between asking a process to end and making it. */
const KILL_GRACE_SECONDS = 5;
/** How long a stop waits for the command to say which process group it is. */
const MARKER_WAIT_MS = 3_000;
/** After the kill was sent: how long to wait for the target's word before the connection is cut. */
const KILL_ANSWER_MS = (KILL_GRACE_SECONDS + 5) * 1_000;

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
    const nonce = `aiops-${randomBytes(12).toString('hex')}`;
    const posix = request.shell === 'posix';
    const channel = await this.exec(posix ? posixLauncher(nonce) : powershellLauncher(request.command));
    const marker = posix ? new MarkerFilter(nonce) : undefined;
    const done = this.follow(channel, request, marker);
    channel.end(posix ? request.command : '');
    return this.supervise(done, channel, request, marker);
  }

  close(): void {
    this.client.end();
  }

  private exec(command: string): Promise<ClientChannel> {
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
        else resolve(channel);
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

  /** Passes output on and waits for the end; at most one chunk per stream is on its way to the consumer. */
  private follow(channel: ClientChannel, request: CommandRequest, marker: MarkerFilter | undefined) {
    return new Promise<Pick<CommandOutcome, 'exitCode' | 'signal'>>((resolve, reject) => {
      let exit: Pick<CommandOutcome, 'exitCode' | 'signal'> | undefined;
      let pending: Promise<void> = Promise.resolve();
      const lose = (cause: Error): void => reject(this.connectionLost(cause));
      this.onLost.add(lose);
      const pass = (stream: 'stdout' | 'stderr', source: NodeJS.ReadableStream, chunk: Buffer): void => {
        if (chunk.length === 0) return;
        source.pause();
        pending = pending
          .then(() => request.onOutput(stream, chunk))
          .then(
            () => void source.resume(),
            (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
          );
      };
      channel.on('data', (chunk: Buffer) => pass('stdout', channel, marker?.push(chunk) ?? chunk));
      channel.stderr.on('data', (chunk: Buffer) => pass('stderr', channel.stderr, chunk));
      channel.on(
        'exit',
        (code: number | null, signal?: string) => (exit = { exitCode: code, signal: signal ?? null }),
      );
      channel.on('close', () => {
        this.onLost.delete(lose);
        pass('stdout', channel, marker?.end() ?? Buffer.alloc(0));
        const ended = exit;
        void pending.then(() =>
          ended === undefined
            ? reject(this.connectionLost(this.lost ?? new Error('it ended without an exit code')))
            : resolve(ended),
        );
      });
    });
  }

  private async supervise(
    done: Promise<Pick<CommandOutcome, 'exitCode' | 'signal'>>,
    channel: ClientChannel,
    request: CommandRequest,
    marker: MarkerFilter | undefined,
  ): Promise<CommandOutcome> {
    // When it is abandoned below, its rejection has been dealt with.
    done.catch(() => undefined);
    const stop = stopReason(request);
    try {
      const first = await Promise.race([
        done.then((end) => ({ end })),
        stop.reason.then((reason) => ({ reason })),
      ]);
      if ('end' in first) return { ...first.end, timedOut: false, cancelled: false, remoteEnded: true };
      const remoteEnded = await this.endRemote(channel, await groupOf(marker));
      const end = remoteEnded
        ? await done.catch(() => ({ exitCode: null, signal: null }))
        : { exitCode: null, signal: null };
      if (!remoteEnded) this.client.destroy();
      return {
        ...end,
        timedOut: first.reason === 'timeout',
        cancelled: first.reason === 'cancel',
        remoteEnded,
      };
    } finally {
      stop.clear();
    }
  }

  /** @returns whether the target said that the processes are gone. */
  private async endRemote(channel: ClientChannel, group: number | undefined): Promise<boolean> {
    if (group === undefined) {
      // PowerShell, or a command that was stopped before it could tell its group: the server ends the session's process.
      channel.signal('TERM');
      channel.close();
      return false;
    }
    const answer = this.exec(killGroup(group, KILL_GRACE_SECONDS)).then(
      (kill) =>
        new Promise<boolean>((resolve) => {
          kill.resume();
          kill.stderr.resume();
          kill.on('exit', (code: number | null) => resolve(code === 0));
          kill.on('close', () => resolve(false));
        }),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>(
      (resolve) => (timer = setTimeout(() => resolve(false), KILL_ANSWER_MS)),
    );
    try {
      return await Promise.race([answer, late]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private connectionLost(cause: Error): ConnectionLostError {
    return new ConnectionLostError(
      `The connection to ${this.targetName} was lost while the command ran: ${cause.message}. Nobody knows how it ended.`,
      { cause },
    );
  }
}

/** A command that is stopped at once has not told its group yet; it will in a moment. */
async function groupOf(marker: MarkerFilter | undefined): Promise<number | undefined> {
  if (marker === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(
    (resolve) => (timer = setTimeout(() => resolve(undefined), MARKER_WAIT_MS)),
  );
  try {
    return await Promise.race([marker.group, late]);
  } finally {
    clearTimeout(timer);
  }
}

function stopReason(request: CommandRequest): { reason: Promise<'timeout' | 'cancel'>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const reason = new Promise<'timeout' | 'cancel'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), request.timeoutMs);
    onAbort = () => resolve('cancel');
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
  return {
    reason,
    clear: () => {
      clearTimeout(timer);
      if (onAbort !== undefined) request.signal.removeEventListener('abort', onAbort);
    },
  };
}
