import type { DomainEventName, DomainEventPayload } from '@aiops/contracts';
import type { TraceContext } from '../observability/trace-context.js';

/** What a handler may know of the job it does. */
export interface JobContext {
  /** Id of the job, the same in every attempt. */
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  /** Whether another attempt follows when this one fails. */
  willRetry: boolean;
  /** Aborted when the process shuts down. */
  signal: AbortSignal;
}
export type JobHandler = (payload: object, context: JobContext) => Promise<void>;

/** An event as it comes to a durable listener. */
export interface Happened<N extends DomainEventName> {
  payload: DomainEventPayload<N>;
  /** The same each time that this event comes to this listener. */
  jobId: string;
  /** The trace in which it happened. */
  trace: TraceContext | null;
}
export type EventsHandler = (
  events: { payload: object; jobId: string; trace: TraceContext | null }[],
) => Promise<void>;
