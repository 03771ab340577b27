import { Injectable } from '@nestjs/common';
import type { AlertListQuery, ListQuery } from '@aiops/contracts';
import type { Page } from '../platform/index.js';
import type { Alert } from './alert.js';
import { toAlertFilter } from './alert.filter.js';
import { AlertReader } from './alert.reader.js';
import { AlertRepository } from './alert.repository.js';
import { AlertTimeline } from './timeline/alert-timeline.service.js';
import type { TimelineEntry } from './timeline/timeline.js';

/** Alerts as people look at them. */
@Injectable()
export class AlertService {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly reader: AlertReader,
    private readonly entries: AlertTimeline,
  ) {}

  list(query: AlertListQuery): Promise<Page<Alert>> {
    return this.alerts.list(query, toAlertFilter(query));
  }

  get(id: string): Promise<Alert> {
    return this.reader.get(id);
  }

  async timeline(id: string, query: ListQuery): Promise<Page<TimelineEntry>> {
    await this.reader.get(id);
    return this.entries.list(id, query);
  }
}
