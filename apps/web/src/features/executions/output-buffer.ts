import type { OutputChunkDto } from '@aiops/contracts';

/** One line of output, as it is shown. */
export interface OutputLine {
  /** Stable over further output: the chunk and the line within the step. */
  key: string;
  stepIndex: number;
  stream: OutputChunkDto['stream'];
  text: string;
  at: string;
}

/** All output that is known, in order; `next` is where to read on. */
export interface OutputState {
  chunks: OutputChunkDto[];
  next: number;
}

export const emptyOutput: OutputState = { chunks: [], next: 0 };

/** Adds chunks: what is known already is left out, and order is by offset whatever the order of arrival. */
export function addChunks(state: OutputState, arrived: readonly OutputChunkDto[]): OutputState {
  const known = new Set(state.chunks.map((chunk) => chunk.offset));
  const fresh = arrived.filter((chunk) => !known.has(chunk.offset));
  if (fresh.length === 0) return state;
  const chunks = [...state.chunks, ...fresh].sort((a, b) => a.offset - b.offset);
  return { chunks, next: Math.max(state.next, ...fresh.map((chunk) => chunk.offset)) };
}

/** A pushed chunk far ahead of what is known means that something in between was missed. */
export function hasGap(state: OutputState, arrived: readonly OutputChunkDto[]): boolean {
  const first = Math.min(...arrived.map((chunk) => chunk.offset));
  return first > state.next + 1;
}

/** What a terminal would show of a line with carriage returns: the last state of a progress bar. */
export function lastState(line: string): string {
  const parts = line.replace(/\r+$/, '').split('\r');
  return parts.at(-1) ?? '';
}

/** Chunks as lines; a line may be spread over chunks of the same step and stream. */
export function toLines(chunks: readonly OutputChunkDto[]): OutputLine[] {
  const lines: OutputLine[] = [];
  const open = new Map<string, OutputLine>();
  for (const chunk of chunks) {
    const source = `${chunk.step_index}:${chunk.attempt}:${chunk.stream}`;
    const parts = chunk.text.split('\n');
    parts.forEach((part, index) => {
      const current = open.get(source);
      if (current !== undefined) current.text += part;
      else if (part !== '' || index < parts.length - 1) {
        const line = {
          key: `${chunk.offset}:${index}`,
          stepIndex: chunk.step_index,
          stream: chunk.stream,
          text: part,
          at: chunk.at,
        };
        lines.push(line);
        open.set(source, line);
      }
      if (index < parts.length - 1) open.delete(source);
    });
  }
  return lines.map((line) => ({ ...line, text: lastState(line.text) }));
}
