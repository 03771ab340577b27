import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../live/index.js';
import { OnLiveEvent } from '../platform/index.js';

/** Tells screens that a target's host key wants a look. */
@Injectable()
export class ExecutorLive {
  constructor(private readonly gateway: LiveGateway) {}

  @OnLiveEvent('host_key.pending.v1')
  pending(event: DomainEventPayload<'host_key.pending.v1'>): void {
    this.gateway.push('target.updated', { target_id: event.target_id });
  }

  @OnLiveEvent('host_key.changed.v1')
  changed(event: DomainEventPayload<'host_key.changed.v1'>): void {
    this.gateway.push('target.updated', { target_id: event.target_id });
  }
}
