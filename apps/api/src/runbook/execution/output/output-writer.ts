import { OutputBuffer } from './output-buffer.js';
import type { OutputPiece, OutputPosition, OutputStream } from './output.types.js';

/** Output is stored after this time, or earlier when much has come. */
const COALESCE_MS = 100;
const FLUSH_UNITS = 64 * 1024;
/** More than this is never kept waiting. */
const PRESSURE_UNITS = 512 * 1024;

/** Stores pieces from `sequence` on, for as long as this worker holds the lease. @throws LeaseLostError */
export type StoreOutput = (pieces: OutputPiece[], sequence: number) => Promise<void>;

/** Writes the output of one execution in order, a little later than it comes and in larger pieces. */
export class OutputWriter {
  private readonly buffer: OutputBuffer;
  private next: number;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    position: OutputPosition,
    limit: number,
    private readonly store: StoreOutput,
  ) {
    this.buffer = new OutputBuffer(limit, position.bytes);
    this.next = position.nextSequence;
  }

  write(stepIndex: number, attempt: number, stream: OutputStream, text: string): void {
    this.buffer.add({ stepIndex, attempt, stream, text, at: new Date() });
    this.schedule();
  }

  /** A line of the engine's own among the output. */
  note(stepIndex: number, attempt: number, text: string): void {
    this.buffer.note({ stepIndex, attempt, text: `${text}\n`, at: new Date() });
    this.schedule();
  }

  /** To be waited for by who writes faster than can be stored. */
  pressure(): Promise<void> | undefined {
    return this.buffer.waiting >= PRESSURE_UNITS ? this.flush() : undefined;
  }

  /** Resolves when everything so far is stored. @throws what storing threw, now or earlier */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.drain());
    await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  /** Drops what waits; for a worker that may not write any more. */
  discard(): void {
    clearTimeout(this.timer);
    this.buffer.take();
  }

  private schedule(): void {
    if (this.failure !== undefined) return void this.buffer.take();
    if (this.buffer.waiting >= FLUSH_UNITS) void this.flush().catch(() => undefined);
    else this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), COALESCE_MS);
  }

  private async drain(): Promise<void> {
    const pieces = this.buffer.take();
    if (pieces.length === 0 || this.failure !== undefined) return;
    try {
      await this.store(pieces, this.next);
      this.next += pieces.length;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }
}
