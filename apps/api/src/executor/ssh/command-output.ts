import type { ClientChannel } from 'ssh2';
import type { CommandRequest } from './command-session.js';
import type { MarkerFilter } from './marker.js';

/** How the target says that a command ended. */
export interface CommandEnd {
  exitCode: number | null;
  signal: string | null;
}

/**
 * What a command started in the background may hold its output open for ever. When the command itself ended and this long
 * nothing came, nothing more is waited for.
 */
const LINGER_MS = 2_000;

type Stream = 'stdout' | 'stderr';

/**
 * Passes the output of one command on, at most one chunk at a time: while the consumer is busy the channel is paused, its
 * window fills, and the target has to wait.
 */
export class CommandOutput {
  /** Resolves after the consumer took the last byte; rejects with the consumer's own error, or with what `lost` makes. */
  readonly end: Promise<CommandEnd>;
  private readonly open = new Set<Stream>(['stdout', 'stderr']);
  private settle: { resolve(end: CommandEnd): void; reject(error: Error): void } | undefined;
  private exit: CommandEnd | undefined;
  private chain: Promise<void> = Promise.resolve();
  private busy = 0;
  private closed = false;
  private lingering: NodeJS.Timeout | undefined;
  private lostBy: Error | undefined;

  constructor(
    private readonly channel: ClientChannel,
    private readonly onOutput: CommandRequest['onOutput'],
    private readonly marker: MarkerFilter | undefined,
    private readonly lost: (cause: Error) => Error,
  ) {
    this.end = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    channel.on('data', (chunk: Buffer) => this.pass('stdout', channel, marker?.push(chunk) ?? chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.pass('stderr', channel.stderr, chunk));
    channel.once('end', () => this.streamEnded('stdout'));
    channel.stderr.once('end', () => this.streamEnded('stderr'));
    channel.once('exit', (code: number | null, signal?: string) => {
      this.exit = { exitCode: code, signal: signal ?? null };
      this.check();
    });
    channel.once('close', () => {
      this.closed = true;
      this.check();
    });
  }

  /** The connection is gone: what arrived is still passed on, and an end that was told still counts. */
  connectionLost(cause: Error): void {
    this.lostBy = cause;
    this.check();
  }

  private pass(stream: Stream, source: NodeJS.ReadableStream, chunk: Buffer): void {
    // What comes after the end was told is read, so that the channel can close, and dropped.
    if (chunk.length === 0 || this.settle === undefined) return;
    source.pause();
    this.busy += 1;
    this.chain = this.chain
      .then(() => this.onOutput(stream, chunk))
      .catch((error: unknown) => this.fail(error))
      .then(() => {
        this.busy -= 1;
        source.resume();
        this.check();
      });
  }

  private streamEnded(stream: Stream): void {
    this.open.delete(stream);
    // Output that came without the marker is the command's after all.
    if (stream === 'stdout') this.pass('stdout', this.channel, this.marker?.end() ?? Buffer.alloc(0));
    this.check();
  }

  private check(): void {
    clearTimeout(this.lingering);
    if (this.busy > 0 || this.settle === undefined) return;
    if (this.closed && this.open.size === 0) return this.finish();
    if (this.exit !== undefined || this.lostBy !== undefined || this.closed) {
      this.lingering = setTimeout(() => {
        this.finish();
        if (!this.closed) this.channel.close();
      }, LINGER_MS);
    }
  }

  private finish(): void {
    const { settle, exit } = this;
    this.settle = undefined;
    if (exit !== undefined) settle?.resolve(exit);
    else settle?.reject(this.lost(this.lostBy ?? new Error('it ended without an exit code')));
  }

  private fail(error: unknown): void {
    this.settle?.reject(error instanceof Error ? error : new Error(String(error)));
    this.settle = undefined;
  }
}
