import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { OnLiveEvent } from '../../platform/index.js';
import { KnownSessions } from './known-sessions.js';

/** A session that ended on one replica, and a user who changed, is looked up anew on all of them. */
@Injectable()
export class SessionLive {
  constructor(private readonly known: KnownSessions) {}

  @OnLiveEvent('access.changed.v1')
  onAccessChanged(event: DomainEventPayload<'access.changed.v1'>): void {
    if (event.kind === 'session') this.known.forget(event.id);
    if (event.kind === 'user') this.known.forgetAll();
  }

  @OnLiveEvent('session.strengthened.v1')
  onStrengthened({ id }: DomainEventPayload<'session.strengthened.v1'>): void {
    this.known.forget(id);
  }
}
