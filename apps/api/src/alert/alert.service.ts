import { Injectable } from '@nestjs/common';
import type { AlertListQuery, ListQuery } from '@aiops/contracts';
import { UserError, type Page, type Reads, type Sparse } from '../platform/index.js';
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

  list(query: AlertListQuery, { reads }: Reads): Promise<Page<Sparse<Alert>>> {
    return this.alerts.list({ ...query, reads }, toAlertFilter(query));
  }

  /** Of one alert what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Alert>> {
    const alert = await this.alerts.read(id, reads);
    if (alert === null) throw UserError.notFound('alert', id);
    return alert;
  }

  async timeline(id: string, query: ListQuery & Reads): Promise<Page<Sparse<TimelineEntry>>> {
    await this.reader.requireExists(id);
    return this.entries.list(id, query);
  }
}
