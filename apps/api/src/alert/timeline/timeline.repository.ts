import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import type { TimelineEntry } from './timeline.js';
import { AlertHistoryEntity } from './history.entity.js';

@Injectable()
export class AlertTimelineRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  async list(alertId: string, query: ListQuery & Reads): Promise<Page<Sparse<TimelineEntry>>> {
    const builder = this.session.manager
      .createQueryBuilder(AlertHistoryEntity, 'entry')
      .where('entry.alertId = :alertId', { alertId });
    if (query.q !== undefined) {
      builder.andWhere('(entry.summary ILIKE :like OR entry.actorName ILIKE :like)', {
        like: containing(query.q),
      });
    }
    const page = await this.lists.sparse(builder, columnsOf(query), {
      columns: { at: { property: 'at', kind: 'time' } },
      fallback: 'at',
    });
    return { ...page, items: page.items.map(toEntry) };
  }

  /** Adds entries in one statement; those of alerts that are gone meanwhile are dropped. */
  async add(entries: TimelineEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.session.manager.query(
      `INSERT INTO alert_timeline (id, alert_id, at, kind, actor_kind, actor_id, actor_name, summary, details)
       SELECT e.id, e.alert_id, e.at, e.kind, e.actor_kind, e.actor_id, e.actor_name, e.summary, e.details
       FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, alert_id uuid, at timestamptz, kind text, actor_kind text,
         actor_id text, actor_name text, summary text, details jsonb)
       WHERE EXISTS (SELECT 1 FROM alerts WHERE alerts.id = e.alert_id)`,
      [JSON.stringify(entries.map(toRow))],
    );
  }
}

const toRow = (entry: TimelineEntry) => ({
  id: entry.id,
  alert_id: entry.alertId,
  at: entry.at,
  kind: entry.kind,
  actor_kind: entry.actor.kind,
  actor_id: entry.actor.id,
  actor_name: entry.actor.name,
  summary: entry.summary,
  details: entry.details,
});

/** The actor stands in three columns. */
function columnsOf<Q extends Reads>(query: Q): Q {
  if (query.reads?.has('actor') !== true) return query;
  return { ...query, reads: new Set([...query.reads, 'actorKind', 'actorId', 'actorName']) };
}

function toEntry(row: Sparse<AlertHistoryEntity>): Sparse<TimelineEntry> {
  const { actorKind, actorId = null, actorName = '', ...rest } = row;
  return actorKind === undefined
    ? rest
    : { ...rest, actor: { kind: actorKind, id: actorId, name: actorName } };
}
