import { Injectable } from '@nestjs/common';
import { domainEvents, type DomainEventName, type DomainEventPayload } from '@aiops/contracts';
import { allInOrder } from '../database/all-in-order.js';
import { DatabaseSession } from '../database/database-session.js';
import { HandlerRegistry } from '../jobs/handler.registry.js';
import { JobQueue } from '../jobs/job-queue.service.js';
import { announce } from './live-channel.js';

/** Tells the rest of the engine what happened, in the transaction in which it happened. */
@Injectable()
export class EventBus {
  constructor(
    private readonly jobs: JobQueue,
    private readonly registry: HandlerRegistry,
    private readonly session: DatabaseSession,
  ) {}

  /** Stores the event for every durable listener and announces it to live ones; both happen only on commit. */
  async emit<N extends DomainEventName>(name: N, payload: DomainEventPayload<N>): Promise<void> {
    const parsed = domainEvents[name].parse(payload);
    await this.session.transaction(async () => {
      const concerned = this.registry.listeners.filter(
        (listener) => listener.event === name && listener.concerns(parsed),
      );
      await allInOrder([
        ...concerned.map((listener) => this.jobs.insert(listener.queue, [parsed])),
        announce(this.session, name, parsed),
      ]);
    });
  }
}
