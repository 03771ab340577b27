import { randomBytesFromPool } from '../random-pool.js';

/**
 * W3C trace context, https://www.w3.org/TR/trace-context/: version (not ff), 16-byte trace id (not all zero),
 * 8-byte parent id (not all zero), flags.
 */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
const acceptableId = /^[A-Za-z0-9_-]{8,64}$/;

/** A new trace id of 16 random bytes in hex, as W3C trace context has it. */
export const newTraceId = (): string => randomBytesFromPool(16).toString('hex');

/** The id a caller gave by `traceparent` or `X-Trace-ID`, or a new one. */
export function traceIdFrom(headers: Record<string, string | string[] | undefined>): string {
  const parent = headers['traceparent'];
  const fromParent = typeof parent === 'string' ? traceparent.exec(parent)?.[1] : undefined;
  if (fromParent !== undefined) return fromParent;
  const given = headers['x-trace-id'];
  return typeof given === 'string' && acceptableId.test(given) ? given : newTraceId();
}

/** The trace id of a request, fixed when it came in. */
export function currentTraceId(request: { id: string }): string {
  return request.id;
}
