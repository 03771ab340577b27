import { Injectable } from '@nestjs/common';
import { allInOrder, DatabaseSession, newId, OperationalError } from '../../platform/index.js';
import { severityRank } from '../identity/severity.js';
import type { FoldedEpisode, StoredEpisode } from './fold-deliveries.js';

/** Another process opened one of the alerts at the same moment: read again and merge again. */
export class ConcurrentOpenError extends Error {
  override readonly name = 'ConcurrentOpenError';
}

const stateColumns = `status text, starts_at timestamptz, ends_at timestamptz, last_received_at timestamptz,
  occurrences integer, expires_at timestamptz, expiry_is_timeout boolean, check_at timestamptz, acknowledged_by text,
  acknowledged_at timestamptz, resolved_at timestamptz, updated_at timestamptz`;
const contentColumns = `alert_name text, severity text, severity_rank smallint, labels jsonb,
  annotations jsonb, generator_url text, extras jsonb, truncated_alerts integer, content_hash text`;
const namesOf = (columns: string): string[] =>
  columns.split(',').map((column) => column.trim().split(' ')[0] ?? '');
const state = namesOf(stateColumns);
const content = namesOf(contentColumns);
const assignments = (names: string[]): string => names.map((name) => `${name} = r.${name}`).join(', ');
const inserted = ['id', 'fingerprint', 'source', ...state, ...content];

const LOAD = `
  SELECT latest.* FROM unnest($1::text[]) AS wanted(fingerprint)
  CROSS JOIN LATERAL (
    SELECT id, fingerprint, status, severity, truncated_alerts AS "truncatedAlerts", content_hash AS "contentHash",
      starts_at AS "startsAt", ends_at AS "endsAt", last_received_at AS "lastReceivedAt", occurrences,
      expires_at AS "expiresAt", expiry_is_timeout AS "expiryIsTimeout", check_at AS "checkAt",
      acknowledged_by AS "acknowledgedBy", acknowledged_at AS "acknowledgedAt", resolved_at AS "resolvedAt"
    FROM alerts WHERE alerts.fingerprint = wanted.fingerprint
    ORDER BY resolved_at DESC NULLS FIRST LIMIT 1 FOR UPDATE
  ) AS latest`;
// With its first line on the timeline: a statement and a round trip less for each batch of new alerts.
const INSERT = `
  WITH r AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS r(id uuid, fingerprint text, source text, ${stateColumns},
      ${contentColumns}, line_id uuid, line_kind text, line_summary text)
  ), fresh AS (
    INSERT INTO alerts (${inserted.join(', ')}, remediation, created_at)
    SELECT ${inserted.map((name) => `r.${name}`).join(', ')}, 'none', r.updated_at FROM r
    ON CONFLICT (fingerprint) WHERE status <> 'resolved' DO NOTHING RETURNING id
  )
  INSERT INTO alert_timeline (id, alert_id, at, kind, actor_kind, actor_id, actor_name, summary, details)
  SELECT r.line_id, r.id, r.updated_at, r.line_kind, 'system', NULL, r.source, r.line_summary, '{}'
  FROM fresh JOIN r USING (id)`;
const UPDATE_STATE = `
  UPDATE alerts SET ${assignments(state)} FROM json_to_recordset($1::json) AS r(id uuid, ${stateColumns})
  WHERE alerts.id = r.id`;
const UPDATE_CONTENT = `
  UPDATE alerts SET ${assignments(content)} FROM json_to_recordset($1::json) AS r(id uuid, ${contentColumns})
  WHERE alerts.id = r.id`;

/** Reads and writes whole batches of episodes, each in one statement. */
@Injectable()
export class IngestRepository {
  constructor(private readonly session: DatabaseSession) {}

  /**
   * The newest episode of each fingerprint, the open one if there is one, held until the transaction ends. Always in
   * the order of the fingerprints, so that two writers never wait on each other in a circle.
   */
  async load(fingerprints: string[]): Promise<StoredEpisode[]> {
    return this.session.manager.query<StoredEpisode[]>(LOAD, [fingerprints.toSorted()]);
  }

  /**
   * Inserts and updates; a new episode's first line goes to the timeline with it.
   * @throws ConcurrentOpenError when an alert to insert is open already.
   */
  async store(episodes: FoldedEpisode[], at: Date): Promise<void> {
    const iso = isoTexts();
    const known = episodes.filter((folded) => !folded.isNew);
    const changed = known.filter((folded) => folded.content !== null);
    // Updates first: what they resolve makes room for a new episode of the same alert.
    const states = this.run(
      UPDATE_STATE,
      known.map((folded) => ({ id: folded.id, ...stateRow(folded, at, iso) })),
    );
    const contents = this.run(
      UPDATE_CONTENT,
      changed.map((folded) => ({ id: folded.id, ...contentRow(folded) })),
    );
    const fresh = episodes.filter((folded) => folded.isNew);
    const rows = fresh.sort(byFingerprint).map((folded) => insertRow(folded, at, iso));
    const [, , inserted] = await allInOrder([states, contents, this.run(INSERT, rows)]);
    if (inserted < rows.length) throw new ConcurrentOpenError('an alert was opened meanwhile');
  }

  /** Runs a set-based statement; answers how many rows it touched. */
  private async run(sql: string, rows: object[]): Promise<number> {
    if (rows.length === 0) return 0;
    const runner = this.session.manager.queryRunner;
    if (runner === undefined) throw new OperationalError('Ingestion writes in a transaction only');
    const result = await runner.query(sql, [JSON.stringify(rows)], true);
    return result.affected ?? 0;
  }
}

type IsoText = (time: Date | null) => string | undefined;

/** Times as text; a batch has few different ones, and writing one costs more than looking it up. */
function isoTexts(): IsoText {
  const known = new Map<number, string>();
  return (time) => {
    if (time === null) return undefined;
    const text = known.get(time.getTime()) ?? time.toISOString();
    known.set(time.getTime(), text);
    return text;
  };
}

const byFingerprint = (a: FoldedEpisode, b: FoldedEpisode): number =>
  a.fingerprint < b.fingerprint ? -1 : 1;

function insertRow(folded: FoldedEpisode, at: Date, iso: IsoText) {
  const [line] = folded.lines;
  return {
    id: folded.id,
    fingerprint: folded.fingerprint,
    source: folded.content?.source,
    line_id: newId(),
    line_kind: line?.kind,
    line_summary: line?.summary,
    ...stateRow(folded, at, iso),
    ...contentRow(folded),
  };
}

/** What is undefined here is not written and arrives as NULL. */
function stateRow({ episode }: FoldedEpisode, at: Date, iso: IsoText) {
  return {
    status: episode.status,
    starts_at: iso(episode.startsAt),
    ends_at: iso(episode.endsAt),
    last_received_at: iso(episode.lastReceivedAt),
    occurrences: episode.occurrences,
    expires_at: iso(episode.expiresAt),
    expiry_is_timeout: episode.expiryIsTimeout,
    check_at: iso(episode.checkAt),
    acknowledged_by: episode.acknowledgedBy ?? undefined,
    acknowledged_at: iso(episode.acknowledgedAt),
    resolved_at: iso(episode.resolvedAt),
    updated_at: iso(at),
  };
}

function contentRow({ content: delivery, episode }: FoldedEpisode) {
  return {
    alert_name: delivery?.alertName,
    severity: delivery?.severity,
    severity_rank: delivery === null ? undefined : severityRank[delivery.severity],
    labels: delivery?.labels,
    annotations: delivery?.annotations,
    generator_url: delivery?.generatorUrl ?? undefined,
    extras: delivery?.extras,
    truncated_alerts: delivery?.truncatedAlerts,
    content_hash: episode.contentHash,
  };
}
