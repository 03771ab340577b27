import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../live/index.js';
import { OnLiveEvent } from '../platform/index.js';

interface OfTarget {
  target_id: string;
}

/** Tells screens that a target is not as they show it. */
@Injectable()
export class ExecutorLive {
  constructor(private readonly gateway: LiveGateway) {}

  @OnLiveEvent('target.changed.v1')
  changed(event: DomainEventPayload<'target.changed.v1'>): void {
    this.push(event);
  }

  @OnLiveEvent('host_key.pending.v1')
  keyPending(event: DomainEventPayload<'host_key.pending.v1'>): void {
    this.push(event);
  }

  @OnLiveEvent('host_key.changed.v1')
  keyChanged(event: DomainEventPayload<'host_key.changed.v1'>): void {
    this.push(event);
  }

  private push({ target_id }: OfTarget): void {
    if (this.gateway.hasClients) this.gateway.push('target.updated', { target_id });
  }
}
