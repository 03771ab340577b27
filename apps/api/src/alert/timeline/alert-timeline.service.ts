import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { Clock, newId, type Page, type Reads, type Sparse } from '../../platform/index.js';
import type { NewTimelineEntry, TimelineEntry } from './timeline.js';
import { AlertTimelineRepository } from './timeline.repository.js';

/** What happened to an alert, when and by whom. Any module that stands above may add to it. */
@Injectable()
export class AlertTimeline {
  constructor(
    private readonly repository: AlertTimelineRepository,
    private readonly clock: Clock,
  ) {}

  /** Adds an entry in the present transaction; does nothing when the alert was deleted. */
  async add(alertId: string, entry: NewTimelineEntry): Promise<void> {
    await this.addMany([{ alertId, entry }]);
  }

  async addMany(entries: { alertId: string; entry: NewTimelineEntry }[]): Promise<void> {
    const now = this.clock.now();
    await this.repository.add(
      entries.map(({ alertId, entry }) => ({
        id: newId(),
        alertId,
        at: entry.at ?? now,
        kind: entry.kind,
        actor: { kind: entry.actor.kind, id: entry.actor.id, name: entry.actor.name },
        summary: entry.summary,
        details: entry.details ?? {},
      })),
    );
  }

  /** In the order in which it happened, unless `query` sorts otherwise. */
  list(alertId: string, query: ListQuery & Reads): Promise<Page<Sparse<TimelineEntry>>> {
    return this.repository.list(alertId, query);
  }
}
