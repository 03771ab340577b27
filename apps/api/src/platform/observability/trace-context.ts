import { randomBytesFromPool } from '../random-pool.js';

/** Where something stands in a trace, as W3C Trace Context hands it on (https://www.w3.org/TR/trace-context-1/). */
export interface TraceContext {
  /** 16 bytes in hex. */
  traceId: string;
  /** Of what came before, 8 bytes in hex; null at the beginning of a trace. */
  spanId: string | null;
  /** The last bit says that the trace is being recorded. */
  flags: number;
  /** What tracing systems put there for themselves (`tracestate`), untouched. */
  state: string | null;
}

type Headers = Record<string, string | string[] | undefined>;

const SAMPLED = 1;
/** Version, trace id (not all zero), parent id (not all zero), flags; what a later version may add after them. */
const form = /^([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Of `tracestate` whatever is harmless is kept (section 3.3): vendors differ, and nobody else's entries are ours to judge. */
const harmlessState = /^[\x20-\x7e\t]{1,512}$/;
const traceIdForm = /^(?!0{32})[0-9a-f]{32}$/;

/** A new trace id of 16 random bytes. */
export const newTraceId = (): string => randomBytesFromPool(16).toString('hex');
/** A new span id of 8 random bytes. */
export const newSpanId = (): string => randomBytesFromPool(8).toString('hex');
/** The beginning of a trace. */
export const newTrace = (traceId = newTraceId()): TraceContext => ({
  traceId,
  spanId: null,
  flags: 0,
  state: null,
});
export const isSampled = ({ flags }: Pick<TraceContext, 'flags'>): boolean => (flags & SAMPLED) === SAMPLED;

/**
 * Reads `traceparent` and `tracestate`; null when the first is not valid. Version 00 has exactly four parts, later ones
 * may have more, and ff is none (section 3.2.2).
 */
export function parseTraceparent(traceparent: string, tracestate?: string | null): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = form.exec(traceparent) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined) return null;
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  const kept = typeof tracestate === 'string' && harmlessState.test(tracestate);
  // Only the flag that this version knows is taken over (section 3.2.2.5).
  return { traceId, spanId, flags: parseInt(flags ?? '0', 16) & SAMPLED, state: kept ? tracestate : null };
}

/** The value of `traceparent`; undefined at the beginning of a trace, where there is no parent to name. */
export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string | undefined {
  return spanId === null ? undefined : `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}

/**
 * The trace that a request belongs to: that of `traceparent`; else the one that `X-Trace-ID` names by 32 hex digits; else
 * a new one. Any other `X-Trace-ID` is as good as none: the answer's own `X-Trace-ID` tells which id holds.
 */
export function traceOfRequest(headers: Headers): TraceContext {
  const parent = headers['traceparent'];
  if (typeof parent === 'string') {
    const state = headers['tracestate'];
    const read = parseTraceparent(parent.trim(), Array.isArray(state) ? state.join(',') : state);
    if (read !== null) return read;
  }
  const given = headers['x-trace-id'];
  const named = typeof given === 'string' ? given.toLowerCase() : '';
  return newTrace(traceIdForm.test(named) ? named : newTraceId());
}

/** The trace id of a request, fixed when it came in. */
export function currentTraceId(request: { id: string }): string {
  return request.id;
}
