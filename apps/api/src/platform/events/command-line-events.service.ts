import { Injectable } from '@nestjs/common';
import { domainEvents, type DomainEventName, type DomainEventPayload } from '@aiops/contracts';
import { DatabaseSession } from '../database/database-session.js';
import { UnexpectedError } from '../errors/errors.js';
import type { EventBus } from './event-bus.service.js';
import { announce } from './live-channel.js';

/** What commands may tell running engines: a test holds that only live listeners hear of it. */
export const commandLineEvents: readonly DomainEventName[] = ['signing_key.changed.v1'];

/**
 * The bus of a command: it announces, and stores nothing. Which durable listeners an event has only an engine knows, so
 * that telling of others would lose them.
 */
@Injectable()
export class CommandLineEvents implements Pick<EventBus, 'emit'> {
  constructor(private readonly session: DatabaseSession) {}

  async emit<N extends DomainEventName>(name: N, payload: DomainEventPayload<N>): Promise<void> {
    if (!commandLineEvents.includes(name)) throw new UnexpectedError(`No command may tell of ${name}`);
    await announce(this.session, name, domainEvents[name].parse(payload));
  }
}
