import { AsyncLocalStorage } from 'node:async_hooks';
import { ClsServiceManager } from 'nestjs-cls';
import { noNotes, type OpenSpan, type SpanNotes, type SpanRecorder, type SpanSpec } from './span.js';
import {
  formatTraceparent,
  newSpanId,
  newTrace,
  parseTraceparent,
  type TraceContext,
} from './trace-context.js';

/** The trace that a request, a job or an execution runs in; it follows the work through every `await`. */
export interface ActiveTrace {
  /** What is handed on to jobs and other services. */
  readonly context: TraceContext;
  /** Of the request, job or span under way, for the log. */
  readonly spanId: string;
  /** Null while nothing is exported. */
  readonly recorder: SpanRecorder | null;
  /** Which hosts are told the trace. */
  readonly mayTell: (host: string) => boolean;
}

const DEEPEST_CAUSE = 5;
const aWord = /^\w{1,60}$/;

const active = new AsyncLocalStorage<ActiveTrace | undefined>();

export const activeTrace = (): ActiveTrace | undefined => active.getStore();

/**
 * Runs `work` in that trace, away from whatever context and transaction there is. The context of `nestjs-cls` tells its
 * id too (`traceId`), for whoever records who did what.
 */
export function enterTrace<T>(trace: ActiveTrace, work: () => T): T {
  const context = { traceId: trace.context.traceId };
  return ClsServiceManager.getClsService().runWith(context, () => active.run(trace, work));
}

/**
 * Does `work` as a span of the trace that is under way, which fails if it throws. Without a trace, or while nothing is
 * exported, it is just done.
 */
export function inSpan<T>(spec: SpanSpec, work: (span: SpanNotes) => Promise<T>): Promise<T> {
  const trace = active.getStore();
  if (trace === undefined || trace.recorder === null) return work(noNotes);
  return within(trace, trace.recorder.start(spec, trace.context), work);
}

/** Notes a span that is over, of the trace that is under way or of another; for waits that outlast processes. */
export function pastSpan(
  spec: SpanSpec & { start: Date; end: Date; failure?: string },
  parent = active.getStore()?.context,
): void {
  const recorder = active.getStore()?.recorder;
  if (recorder === undefined || recorder === null || parent === undefined) return;
  const span = recorder.start(spec, parent);
  if (spec.failure !== undefined) span.fail(spec.failure);
  span.end(spec.end);
}

async function within<T>(
  trace: ActiveTrace,
  span: OpenSpan,
  work: (span: SpanNotes) => Promise<T>,
): Promise<T> {
  try {
    const inside = { ...trace, context: span.context, spanId: span.context.spanId };
    return await active.run(inside, () => work(span));
  } catch (error) {
    failed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Marks a span as failed by an error: of what kind it is, and none of its words. These quote answers of others, rows of
 * the database and what people typed; they are in the log, under the same trace.
 */
export function failed(span: SpanNotes, error: unknown): void {
  span.fail(typeOf(error));
}

/** `error.type`: the first code on the way to the cause, since that says most (`ECONNREFUSED`), or the class. */
function typeOf(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && aWord.test(cause.code)) return cause.code;
    cause = cause.cause;
  }
  return error instanceof Error ? error.constructor.name : typeof error;
}

/**
 * What a request to another service carries of the trace that is under way: nothing to hosts that are not told.
 * @param url absolute
 * @param context the place in the trace that the other side comes after
 */
export function traceHeaders(url: string, context = active.getStore()?.context): Record<string, string> {
  const trace = active.getStore();
  if (trace === undefined || context === undefined || !trace.mayTell(new URL(url).hostname)) return {};
  const traceparent = formatTraceparent({ ...context, spanId: context.spanId ?? trace.spanId }) ?? '';
  return context.state === null ? { traceparent } : { traceparent, tracestate: context.state };
}

/** A place in a trace as it is stored with work that goes on later, perhaps elsewhere. */
export interface StoredTrace {
  traceparent: string;
  tracestate: string | null;
  /** What the span with the promised id comes after; null when it is the first of its trace. */
  parent: string | null;
}

/** The place of a stored trace that what comes after has as its parent. */
export function resumedTrace(stored: StoredTrace | null): TraceContext {
  return (stored === null ? null : parseTraceparent(stored.traceparent, stored.tracestate)) ?? newTrace();
}

/** Promises a span after the present one: its id is known now, and whoever ends the work makes it with `pastSpan`. */
export function promiseSpan(): StoredTrace | null {
  const trace = active.getStore();
  if (trace === undefined) return null;
  const { context } = trace;
  const spanId = trace.recorder === null ? (context.spanId ?? trace.spanId) : newSpanId();
  const traceparent = formatTraceparent({ ...context, spanId }) ?? '';
  return { traceparent, tracestate: context.state, parent: context.spanId };
}
