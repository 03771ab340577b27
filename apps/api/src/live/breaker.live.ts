import { Injectable } from '@nestjs/common';
import type { BreakerDto, DomainEventPayload } from '@aiops/contracts';
import { BreakerReader, Clock, OnLiveEvent, toBreakerDto } from '../platform/index.js';
import { LiveGateway } from './live.gateway.js';

/** Tells screens which calls to the outside are paused. */
@Injectable()
export class BreakerLive {
  constructor(
    private readonly breakers: BreakerReader,
    private readonly gateway: LiveGateway,
    private readonly clock: Clock,
  ) {}

  @OnLiveEvent('breaker.changed.v1')
  async changed({ name, state }: DomainEventPayload<'breaker.changed.v1'>): Promise<void> {
    if (!this.gateway.hasClients) return;
    const known = await this.breakers.find(name);
    this.gateway.push('platform.breaker', known === null ? this.bare(name, state) : toBreakerDto(known));
  }

  /** One that was forgotten meanwhile, or a runbook's. */
  private bare(name: string, state: BreakerDto['state']): BreakerDto {
    return { name, state, reason: null, changed_at: this.clock.now().toISOString(), retry_at: null };
  }
}
