import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTraceparent, newTraceId, parseTraceparent, traceOfRequest } from './trace-context.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const valid = `00-${trace}-${span}-01`;
const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));

describe('traceparent', () => {
  it('is read, and written as it was', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        const text = `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`;
        const read = parseTraceparent(text);
        expect(read).toEqual({ traceId, spanId, flags: sampled ? 1 : 0, state: null });
        expect(read === null ? '' : formatTraceparent(read)).toBe(text);
      }),
    );
  });

  it.each([
    ['all zeros for a trace', `00-${'0'.repeat(32)}-${span}-01`],
    ['all zeros for a parent', `00-${trace}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${trace}-${span}-01`],
    ['capitals', `00-${trace.toUpperCase()}-${span}-01`],
    ['a part too many in version 00', `${valid}-more`],
    ['a part too few', `00-${trace}-${span}`],
    ['flags that are none', `00-${trace}-${span}-0x`],
    ['two headers in one', `${valid}, ${valid}`],
    ['something after it', `${valid}x`],
    ['nothing', ''],
  ])('is refused with %s', (_what, text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  it('of a later version is read as far as it is known', () => {
    expect(parseTraceparent(`cc-${trace}-${span}-03-what-the-future-holds`)).toEqual({
      traceId: trace,
      spanId: span,
      flags: 1,
      state: null,
    });
    expect(parseTraceparent(`cc-${trace}-${span}-01.future`)).toBeNull();
  });

  it('never makes anything fail, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (parent, state) => {
        const { traceId } = traceOfRequest({ traceparent: parent, tracestate: state, 'x-trace-id': parent });
        expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      }),
    );
  });
});

describe('tracestate', () => {
  it('is kept as it is, and left out where it could do harm', () => {
    const state = 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7';
    expect(parseTraceparent(valid, state)?.state).toBe(state);
    for (const bad of ['a=b\r\nSet-Cookie: x', 'ü=1', '', 'a=b'.repeat(400)]) {
      expect(parseTraceparent(valid, bad)).toMatchObject({ traceId: trace, state: null });
    }
  });

  it('may come in several headers', () => {
    expect(traceOfRequest({ traceparent: valid, tracestate: ['a=1', 'b=2'] }).state).toBe('a=1,b=2');
  });
});

describe('the trace of a request', () => {
  it('is that of traceparent, else the one that X-Trace-ID names, else a new one', () => {
    const other = newTraceId();
    expect(traceOfRequest({ traceparent: valid, 'x-trace-id': other })).toMatchObject({ spanId: span });
    expect(traceOfRequest({ traceparent: 'broken', 'x-trace-id': other }).traceId).toBe(other);
    expect(traceOfRequest({ 'x-trace-id': other.toUpperCase() })).toMatchObject({
      traceId: other,
      spanId: null,
    });
    for (const bad of [
      'short',
      'caller-chose-this',
      '0'.repeat(32),
      `${other}0`,
      'g'.repeat(32),
      '{"a":1}',
    ]) {
      const made = traceOfRequest({ 'x-trace-id': bad }).traceId;
      expect(made).toMatch(/^[0-9a-f]{32}$/);
      expect(made).not.toBe(bad);
    }
  });
});
