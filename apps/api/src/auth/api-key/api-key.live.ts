import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { OnLiveEvent } from '../../platform/index.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';

/** A key that was revoked on one replica stops working on all of them. */
@Injectable()
export class ApiKeyLive {
  constructor(private readonly authenticator: ApiKeyAuthenticator) {}

  @OnLiveEvent('access.changed.v1')
  onAccessChanged(event: DomainEventPayload<'access.changed.v1'>): void {
    if (event.kind === 'api_key') this.authenticator.forget();
  }
}
