import type { OutputPiece } from './output.types.js';
import { fitBytes, splitText } from './text-split.js';

/** Text units per stored chunk. */
const CHUNK_UNITS = 64 * 1024;

/**
 * Output that waits to be stored. Pieces of the same stream are joined; once the execution's limit is reached one
 * mark is added and everything after it is dropped at once, so that no amount of output can fill the memory.
 */
export class OutputBuffer {
  private pieces: OutputPiece[] = [];
  private size = 0;
  private full: boolean;

  constructor(
    private readonly limit: number,
    private used: number,
  ) {
    this.full = used >= limit;
  }

  /** Text units that wait. */
  get waiting(): number {
    return this.size;
  }

  add(piece: OutputPiece): void {
    if (piece.text === '' || this.full) return;
    const bytes = Buffer.byteLength(piece.text);
    const text = this.used + bytes <= this.limit ? piece.text : fitBytes(piece.text, this.limit - this.used);
    this.used += Buffer.byteLength(text);
    this.append({ ...piece, text });
    if (text.length === piece.text.length) return;
    this.full = true;
    this.append({
      ...piece,
      stream: 'system',
      text: `[Output limit of ${this.limit} bytes reached: what came after this is not stored.]\n`,
    });
  }

  /** A short note of the engine's own; it is kept even when the limit is reached. */
  note(piece: Omit<OutputPiece, 'stream'>): void {
    this.append({ ...piece, stream: 'system' });
  }

  /** All that waits, in order, cut into chunks. */
  take(): OutputPiece[] {
    const taken = this.pieces.flatMap((piece) =>
      splitText(piece.text, CHUNK_UNITS).map((text) => ({ ...piece, text })),
    );
    this.pieces = [];
    this.size = 0;
    return taken;
  }

  private append(piece: OutputPiece): void {
    if (piece.text === '') return;
    this.size += piece.text.length;
    const last = this.pieces.at(-1);
    const joins =
      last?.stepIndex === piece.stepIndex && last.attempt === piece.attempt && last.stream === piece.stream;
    if (last !== undefined && joins) last.text += piece.text;
    else this.pieces.push({ ...piece });
  }
}
