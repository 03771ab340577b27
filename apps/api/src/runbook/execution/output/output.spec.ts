import { describe, expect, it } from 'vitest';
import { OutputBuffer } from './output-buffer.js';
import { OutputWriter } from './output-writer.js';
import type { OutputPiece } from './output.types.js';
import { CAPTURE_UNITS, StepStream } from './step-output.js';
import { fitBytes, splitText } from './text-split.js';

const piece = (text: string): OutputPiece => ({
  stepIndex: 0,
  attempt: 1,
  stream: 'stdout',
  text,
  at: new Date(0),
});

describe('output that waits to be stored', () => {
  it('joins what belongs together and keeps the order of the streams', () => {
    const buffer = new OutputBuffer(1000, 0);
    buffer.add(piece('a'));
    buffer.add(piece('b'));
    buffer.add({ ...piece('oops'), stream: 'stderr' });
    buffer.add(piece('c'));
    expect(buffer.take().map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'ab'],
      ['stderr', 'oops'],
      ['stdout', 'c'],
    ]);
  });

  it('is cut at the limit with one clear mark, and a hundred megabytes take no memory', () => {
    const buffer = new OutputBuffer(10, 0);
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let round = 0; round < 100; round++) buffer.add(piece(megabyte));
    const texts = buffer.take().map(({ text }) => text);
    expect(texts[0]).toBe('xxxxxxxxxx');
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('Output limit of 10 bytes reached');
    buffer.add(piece('later'));
    expect(buffer.take()).toEqual([]);
  });

  it('counts what an earlier worker stored against the limit', () => {
    const buffer = new OutputBuffer(10, 8);
    buffer.add(piece('abcd'));
    expect(buffer.take()[0]?.text).toBe('ab');
  });
});

describe('one stream of a step', () => {
  const read = (chunks: Uint8Array[], secrets: string[] = []) => {
    let seen = '';
    const stream = new StepStream(secrets, (text) => (seen += text));
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    return { seen, text: stream.text };
  };

  it('puts characters together that were cut over two chunks', () => {
    const bytes = Buffer.from('grün 🎉');
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(read(chunks).seen).toBe('grün 🎉');
  });

  it('makes any bytes into text that PostgreSQL can hold', () => {
    const { seen } = read([Uint8Array.of(0x61, 0, 0xff, 0xc3, 0x28, 0, 0x62)]);
    expect(seen).toBe('a\ufffd\ufffd(b');
  });

  it('masks a secret though it is cut or broken by NUL', () => {
    expect(read([Buffer.from('x hun'), Buffer.from('t\u0000er2 y')], ['hunter2'])).toEqual({
      seen: 'x *** y',
      text: 'x *** y',
    });
  });

  it('keeps no more than a megabyte for later steps', () => {
    const { text } = read(Array.from({ length: 3 }, () => Buffer.alloc(1024 * 1024, 'a')));
    expect(text).toHaveLength(CAPTURE_UNITS);
  });
});

describe('the cutting of text', () => {
  it('never goes through a character', () => {
    expect(splitText('a🎉b', 2)).toEqual(['a', '🎉', 'b']);
    expect(fitBytes('aü', 2)).toBe('a');
    expect(fitBytes('aü', 3)).toBe('aü');
  });
});

describe('the writer', () => {
  it('numbers chunks without gaps, one store after the other', async () => {
    const stored: [number, string][] = [];
    const writer = new OutputWriter({ nextSequence: 7, bytes: 0 }, 1000, async (pieces, sequence) => {
      await Promise.resolve();
      pieces.forEach((each, offset) => stored.push([sequence + offset, each.text]));
    });
    writer.write(0, 1, 'stdout', 'one');
    const first = writer.flush();
    writer.write(0, 1, 'stderr', 'two');
    writer.note(0, 1, 'three');
    await Promise.all([first, writer.flush()]);
    expect(stored).toEqual([
      [7, 'one'],
      [8, 'two'],
      [9, 'three\n'],
    ]);
  });

  it('stops for good once it may not store any more', async () => {
    const writer = new OutputWriter({ nextSequence: 1, bytes: 0 }, 1000, () =>
      Promise.reject(new Error('lease lost')),
    );
    writer.write(0, 1, 'stdout', 'one');
    await expect(writer.flush()).rejects.toThrow('lease lost');
    writer.write(0, 1, 'stdout', 'two');
    await expect(writer.flush()).rejects.toThrow('lease lost');
  });
});
