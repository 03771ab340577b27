import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { Clock, EventBus } from '../platform/index.js';
import type { RemediationState } from './alert.js';
import { AlertRepository } from './alert.repository.js';

/** Lets the module that remediates show on the alert where that stands. */
@Injectable()
export class AlertRemediationState {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Stores the state and tells as `updated`; does nothing when the alert was deleted. */
  @Transactional()
  async set(alertId: string, state: RemediationState): Promise<void> {
    if (!(await this.alerts.setRemediation(alertId, state, this.clock.now()))) return;
    await this.events.emit('alert.changed.v1', { changes: [{ alert_id: alertId, kind: 'updated' }] });
  }
}
