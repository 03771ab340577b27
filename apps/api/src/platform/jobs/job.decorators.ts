import 'reflect-metadata';
import type { DomainEventName, DomainEventPayload } from '@aiops/contracts';
import type { JobDefinition } from './job.definition.js';

export const JOB_HANDLER = Symbol('job-handler');
export const EVENT_LISTENER = Symbol('event-listener');
export const LIVE_LISTENER = Symbol('live-listener');

export interface EventListenerMetadata {
  event: DomainEventName;
  /** Names the listener's own queue, e.g. `remediation.decide`; never change it while jobs wait in it. */
  listener: string;
  /** Whether one event is worth a job for this listener; asked when it is emitted. */
  concerns: (payload: object) => boolean;
  /** Whether the method takes all that wait at once. */
  together: boolean;
}

const mark =
  (key: symbol, value: unknown): MethodDecorator =>
  (_target, _name, descriptor) => {
    if (typeof descriptor.value === 'function') Reflect.defineMetadata(key, value, descriptor.value);
  };

/** The one method that does this kind of job: `(payload, context) => Promise<void>`. It must be idempotent. */
export const HandlesJob = <T extends object>(job: JobDefinition<T>): MethodDecorator =>
  mark(JOB_HANDLER, job);

/**
 * Listens to a domain event through a durable queue of its own: `(payload, context) => Promise<void>`.
 * Delivered at least once, after the commit that caused it; keep it short and idempotent. `concerns` says by the payload
 * alone which events matter: the others cost nothing, which counts where senders repeat themselves.
 */
export const OnDomainEvent = <N extends DomainEventName>(
  event: N,
  listener: string,
  concerns: (payload: DomainEventPayload<N>) => boolean = () => true,
): MethodDecorator => mark(EVENT_LISTENER, { event, listener, concerns, together: false });

/**
 * The same for a listener that has something to save by taking many events at once, as in a storm of alerts:
 * `(events: Happened<N>[]) => Promise<void>`, with all that wait, oldest first. When it fails for several it is called
 * again with each alone, so that one bad event holds up no other: what it did for some of them comes a second time.
 */
export const OnDomainEvents = <N extends DomainEventName>(
  event: N,
  listener: string,
  concerns: (payload: DomainEventPayload<N>) => boolean = () => true,
): MethodDecorator => mark(EVENT_LISTENER, { event, listener, concerns, together: true });

/**
 * Told of a domain event in every process that serves the API, after the commit, without a queue: for screens,
 * where a missed event costs a reload and nothing more. `(payload) => void | Promise<void>`.
 */
export const OnLiveEvent = (event: DomainEventName): MethodDecorator => mark(LIVE_LISTENER, event);
