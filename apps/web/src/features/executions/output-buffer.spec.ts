import type { OutputChunkDto } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { addChunks, emptyOutput, hasGap, lastState, toLines } from './output-buffer';

const chunk = (offset: number, text: string, over: Partial<OutputChunkDto> = {}): OutputChunkDto => ({
  offset,
  text,
  step_index: 0,
  attempt: 1,
  stream: 'stdout',
  at: '2026-01-01T00:00:00.000Z',
  ...over,
});

describe('the output of an execution', () => {
  it('takes every chunk once, in order, however they arrive', () => {
    const state = addChunks(addChunks(emptyOutput, [chunk(2, 'b'), chunk(1, 'a')]), [
      chunk(2, 'b'),
      chunk(3, 'c'),
    ]);
    expect(state.chunks.map(({ text }) => text).join('')).toBe('abc');
    expect(state.next).toBe(3);
  });

  it('is the very same when nothing new came', () => {
    const state = addChunks(emptyOutput, [chunk(1, 'a')]);
    expect(addChunks(state, [chunk(1, 'a')])).toBe(state);
  });

  it('notices that something in between was missed', () => {
    const state = addChunks(emptyOutput, [chunk(1, 'a')]);
    expect(hasGap(state, [chunk(2, 'b')])).toBe(false);
    expect(hasGap(state, [chunk(4, 'd')])).toBe(true);
  });

  it('puts lines together that are spread over chunks, and keeps the streams apart', () => {
    const lines = toLines([
      chunk(1, 'hel'),
      chunk(2, 'oops\n', { stream: 'stderr' }),
      chunk(3, 'lo\nwor'),
      chunk(4, 'ld'),
    ]);
    expect(lines.map(({ text, stream }) => `${stream} ${text}`)).toEqual([
      'stdout hello',
      'stderr oops',
      'stdout world',
    ]);
  });

  it('keeps empty lines between others', () => {
    expect(toLines([chunk(1, 'a\n\nb\n')]).map(({ text }) => text)).toEqual(['a', '', 'b']);
  });

  it('shows the last state of a progress bar', () => {
    expect(lastState('10 %\r50 %\r100 %')).toBe('100 %');
    expect(lastState('done\r')).toBe('done');
  });
});
