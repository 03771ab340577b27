import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { BreakerLog } from './breaker-log.service.js';
import { Breakers, type BreakerState, type BreakerStatus } from './breaker.js';
import { BreakerRepository } from './breaker.repository.js';
import { mergeBreakers } from './merge-breakers.js';

export interface BreakerQuery {
  state?: BreakerState | undefined;
  kind?: string | undefined;
}

/** How the breakers of all processes stand. */
@Injectable()
export class BreakerReader {
  constructor(
    private readonly breakers: Breakers,
    private readonly repository: BreakerRepository,
    private readonly log: BreakerLog,
    private readonly clock: Clock,
  ) {}

  async list({ state, kind }: BreakerQuery = {}): Promise<BreakerStatus[]> {
    const circumstances = { instanceId: this.log.instanceId, now: this.clock.now() };
    const all = mergeBreakers(this.breakers.states(), await this.repository.all(), circumstances);
    return all.filter(
      (breaker) =>
        (state === undefined || breaker.state === state) &&
        (kind === undefined || breaker.name.startsWith(`${kind}:`)),
    );
  }

  async find(name: string): Promise<BreakerStatus | null> {
    return (await this.list()).find((breaker) => breaker.name === name) ?? null;
  }
}
