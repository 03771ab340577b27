import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../live/index.js';
import { OnLiveEvent } from '../platform/index.js';
import { toAlertDto } from './alert.mapper.js';
import { AlertReader } from './alert.reader.js';

/** Changes gather so long before screens are told, in milliseconds. */
const PUSH_INTERVAL_MS = 200;
/** Alerts per message, so that a storm does not send megabytes at once. */
const ALERTS_PER_MESSAGE = 500;

/** Shows new and changed alerts on open screens. */
@Injectable()
export class AlertLive implements BeforeApplicationShutdown {
  private created = new Set<string>();
  private updated = new Set<string>();
  private deleted = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly reader: AlertReader,
    private readonly gateway: LiveGateway,
  ) {}

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  @OnLiveEvent('alert.changed.v1')
  collect(event: DomainEventPayload<'alert.changed.v1'>): void {
    if (!this.gateway.hasClients) return;
    for (const { alert_id: id, kind } of event.changes) {
      if (kind === 'opened') this.created.add(id);
      else if (kind === 'deleted') this.deleted.add(id);
      else this.updated.add(id);
    }
    this.timer ??= setTimeout(() => void this.push().catch(() => undefined), PUSH_INTERVAL_MS);
  }

  /** A screen that misses a push refetches; so an unreadable database costs nothing but this one. */
  private async push(): Promise<void> {
    const { created, updated, deleted } = this;
    this.created = new Set();
    this.updated = new Set();
    this.deleted = new Set();
    this.timer = undefined;
    if (deleted.size > 0) this.gateway.push('alert.deleted', [...deleted]);
    const ids = [...new Set([...created, ...updated])].filter((id) => !deleted.has(id));
    for (let start = 0; start < ids.length; start += ALERTS_PER_MESSAGE) {
      const alerts = (await this.reader.findMany(ids.slice(start, start + ALERTS_PER_MESSAGE))).map(
        toAlertDto,
      );
      const fresh = alerts.filter((alert) => created.has(alert.id));
      const changed = alerts.filter((alert) => !created.has(alert.id));
      if (fresh.length > 0) this.gateway.push('alert.created', fresh);
      if (changed.length > 0) this.gateway.push('alert.updated', changed);
    }
  }
}
