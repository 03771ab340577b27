import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { DomainEventName } from '@aiops/contracts';
import { EVENT_LISTENER, JOB_HANDLER, LIVE_LISTENER, type EventListenerMetadata } from './job.decorators.js';
import { definedJobs, type JobDefinition } from './job.definition.js';
import type { EventsHandler, JobHandler } from './job.context.js';

/** How a queue's jobs are done: one by one, or all that were taken together. */
export type Handler = { one: JobHandler } | { many: EventsHandler };
type LiveHandler = (payload: object) => void | Promise<void>;

interface Listener {
  queue: string;
  event: DomainEventName;
  concerns: (payload: object) => boolean;
  handler: Handler;
}

/** Name of the queue that brings `event` to one listener. */
export const eventQueue = (event: string, listener: string): string => `event.${event}.${listener}`;

/**
 * Finds every `@HandlesJob`, `@OnDomainEvent` and `@OnLiveEvent` and refuses to start when a job has no
 * handler or two, or when two listeners share a queue.
 */
@Injectable()
export class HandlerRegistry {
  readonly jobs = new Map<string, { job: JobDefinition; handler: JobHandler }>();
  readonly listeners: Listener[] = [];
  readonly live: { event: DomainEventName; handler: LiveHandler }[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Looks through all providers once, when every module is there. */
  scan(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null) continue;
      const prototype: unknown = Object.getPrototypeOf(instance);
      if (typeof prototype !== 'object' || prototype === null) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) this.register(instance, name);
    }
    for (const job of definedJobs()) {
      if (!this.jobs.has(job.name)) {
        throw new Error(`The job "${job.name}" has no handler. Put @HandlesJob on the method that does it.`);
      }
    }
  }

  private register(instance: object, name: string): void {
    const method: unknown = Reflect.get(instance, name);
    if (typeof method !== 'function') return;
    const job = Reflect.getMetadata(JOB_HANDLER, method) as JobDefinition | undefined;
    if (job !== undefined) this.addJob(job, method.bind(instance) as JobHandler);
    const listener = Reflect.getMetadata(EVENT_LISTENER, method) as EventListenerMetadata | undefined;
    if (listener !== undefined) this.addListener(listener, method.bind(instance));
    const live = Reflect.getMetadata(LIVE_LISTENER, method) as DomainEventName | undefined;
    if (live !== undefined) this.live.push({ event: live, handler: method.bind(instance) as LiveHandler });
  }

  private addJob(job: JobDefinition, handler: JobHandler): void {
    if (this.jobs.has(job.name))
      throw new Error(`The job "${job.name}" has two handlers. Remove one @HandlesJob.`);
    this.jobs.set(job.name, { job, handler });
  }

  private addListener({ event, listener, concerns, together }: EventListenerMetadata, method: unknown): void {
    const queue = eventQueue(event, listener);
    if (this.listeners.some((other) => other.queue === queue)) {
      throw new Error(`Two listeners of "${event}" are called "${listener}". Name one of them otherwise.`);
    }
    const handler = together ? { many: method as EventsHandler } : { one: method as JobHandler };
    this.listeners.push({ queue, event, concerns, handler });
  }
}
