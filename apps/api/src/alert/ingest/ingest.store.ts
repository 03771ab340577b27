import { Injectable } from '@nestjs/common';
import { allInOrder, AppConfig, Clock, DatabaseSession, EventBus, newId } from '../../platform/index.js';
import { AlertTimelineRepository } from '../timeline/timeline.repository.js';
import type { TimelineEntry } from '../timeline/timeline.js';
import type { Delivery } from './delivery.js';
import { foldDeliveries, type FoldedEpisode } from './fold-deliveries.js';
import { IngestRepository } from './ingest.repository.js';

/** Commits deliveries: merged into their alerts, with timeline and event, in one transaction. */
@Injectable()
export class IngestStore {
  constructor(
    private readonly repository: IngestRepository,
    private readonly timeline: AlertTimelineRepository,
    private readonly events: EventBus,
    private readonly session: DatabaseSession,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** @param traceparents of the senders, by fingerprint, where these are many and traced */
  async commit(deliveries: readonly Delivery[], traceparents?: ReadonlyMap<string, string>): Promise<void> {
    const now = this.clock.now();
    const settings = { reopenWindowMs: this.config.settings.REOPEN_WINDOW_MS };
    await this.session.transaction(async () => {
      const fingerprints = new Set(deliveries.map((delivery) => delivery.fingerprint));
      const stored = await this.repository.load([...fingerprints]);
      const episodes = foldDeliveries(deliveries, stored, now, settings, newId);
      const changes = episodes.flatMap(({ id, fingerprint, changes }) =>
        changes.map((kind) => ({ alert_id: id, kind, traceparent: traceparents?.get(fingerprint) })),
      );
      // Sent one behind the other: the database begins with the first while the last is still being written.
      await allInOrder([
        this.repository.store(episodes, now),
        this.timeline.add(episodes.flatMap((episode) => timelineOf(episode, now))),
        changes.length === 0 ? Promise.resolve() : this.events.emit('alert.changed.v1', { changes }),
      ]);
    });
  }
}

const timelineOf = (episode: FoldedEpisode, at: Date): TimelineEntry[] =>
  episode.lines.map((line) => ({
    id: newId(),
    alertId: episode.id,
    at,
    kind: line.kind,
    actor: { kind: 'system', id: null, name: line.source },
    summary: line.summary,
    details: line.details,
  }));
