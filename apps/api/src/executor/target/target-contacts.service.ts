import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { Clock, EventBus } from '../../platform/index.js';
import { TargetRepository } from './target.repository.js';

/** What came of trying to reach a target. */
export interface Contact {
  reachable: boolean;
  /** Why it is of no use although, or because, it answered like this; null when all went well. */
  error: string | null;
}

/** Remembers on the target how the last contact went, and tells screens when that is news. */
@Injectable()
export class TargetContacts {
  constructor(
    private readonly targets: TargetRepository,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  @Transactional()
  async record(targetId: string, { reachable, error }: Contact): Promise<void> {
    const target = await this.targets.find(targetId);
    if (target === null) return;
    const lastSeenAt = reachable ? this.clock.now() : target.lastSeenAt;
    await this.targets.contact(targetId, { reachable, lastSeenAt, lastError: error });
    const news = target.reachable !== reachable || target.lastError !== error;
    if (news) await this.events.emit('target.changed.v1', { target_id: targetId });
  }
}
