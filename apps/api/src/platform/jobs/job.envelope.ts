import { activeTrace } from '../observability/active-trace.js';
import {
  formatTraceparent,
  newTrace,
  newTraceId,
  parseTraceparent,
  type TraceContext,
} from '../observability/trace-context.js';

/** What is stored with a job: its payload, and its place in the trace that it belongs to. */
export interface JobEnvelope {
  payload: object;
  trace_id: string;
  /** Absent where the job is the first of its trace that anybody records. */
  traceparent?: string;
  tracestate?: string;
}

/** The payload with the trace that is under way. */
export function wrap(payload: object): JobEnvelope {
  const context = activeTrace()?.context;
  if (context === undefined) return { payload, trace_id: newTraceId() };
  const traceparent = formatTraceparent(context);
  return {
    payload,
    trace_id: context.traceId,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(context.state === null ? {} : { tracestate: context.state }),
  };
}

/** The trace of a stored job; null for one that was stored without. */
export function traceOf(data: Partial<JobEnvelope> | null): TraceContext | null {
  const parsed =
    typeof data?.traceparent === 'string' ? parseTraceparent(data.traceparent, data.tracestate) : null;
  if (parsed !== null) return parsed;
  return typeof data?.trace_id === 'string' ? newTrace(data.trace_id) : null;
}
