import type { AlertTimelineEntryDto } from '@aiops/contracts';
import type { TimelineEntry } from './timeline.js';

export function toTimelineEntryDto(entry: TimelineEntry): AlertTimelineEntryDto {
  return {
    id: entry.id,
    alert_id: entry.alertId,
    at: entry.at.toISOString(),
    kind: entry.kind,
    actor: { kind: entry.actor.kind, id: entry.actor.id, name: entry.actor.name },
    summary: entry.summary,
    details: entry.details,
  };
}
