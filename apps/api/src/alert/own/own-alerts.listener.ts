import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { AppConfig, Clock, OnDomainEvents, type Happened } from '../../platform/index.js';
import { isOpen } from '../alert.js';
import { AlertReader } from '../alert.reader.js';
import { IngestQueue } from '../ingest/ingest.queue.js';
import { AlertLifecycle } from '../lifecycle/alert-lifecycle.service.js';
import { hostKeyDelivery, hostKeyFingerprint } from './host-key-alarm.js';

type Cleared = Extract<DomainEventPayload<'host_key.alarm.v1'>, { state: 'cleared' }>;

/** Turns what the engine itself finds wrong into alerts like any other: listed, notified by policy, resolved. */
@Injectable()
export class OwnAlerts {
  constructor(
    private readonly queue: IngestQueue,
    private readonly alerts: AlertReader,
    private readonly lifecycle: AlertLifecycle,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** One queue for both, and in order: an alarm must not come after the decision that ends it. */
  @OnDomainEvents('host_key.alarm.v1', 'alert.host_key')
  async onHostKeys(events: Happened<'host_key.alarm.v1'>[]): Promise<void> {
    for (const { payload } of events) {
      if (payload.state === 'cleared') await this.clear(payload);
      else {
        const { PUBLIC_URL } = this.config.settings;
        await this.queue.submit([hostKeyDelivery(payload, PUBLIC_URL, this.clock.now())]);
      }
    }
  }

  private async clear({ target_id, actor, summary }: Cleared): Promise<void> {
    const [alert] = await this.alerts.history(hostKeyFingerprint(target_id), { limit: 1 });
    if (alert === undefined || !isOpen(alert)) return;
    await this.lifecycle.change(alert.id, 'resolve', { ...actor, role: 'engineer' }, summary);
  }
}
