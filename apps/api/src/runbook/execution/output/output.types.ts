export type OutputStream = 'stdout' | 'stderr' | 'system';

/** A piece of output before it has its place in the sequence. */
export interface OutputPiece {
  stepIndex: number;
  attempt: number;
  stream: OutputStream;
  text: string;
  at: Date;
}

/** A stored piece of output. */
export interface OutputChunk extends OutputPiece {
  sequence: number;
}

/** What a new holder of the lease must know to go on writing. */
export interface OutputPosition {
  nextSequence: number;
  /** Bytes stored so far, in UTF-8. */
  bytes: number;
}
