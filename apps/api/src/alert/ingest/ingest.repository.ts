import { Injectable } from '@nestjs/common';
import { DatabaseSession, OperationalError } from '../../platform/index.js';
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
const INSERT = `
  INSERT INTO alerts (${inserted.join(', ')}, remediation, created_at)
  SELECT ${inserted.map((name) => `r.${name}`).join(', ')}, 'none', r.updated_at
  FROM json_to_recordset($1::json) AS r(id uuid, fingerprint text, source text, ${stateColumns}, ${contentColumns})
  ON CONFLICT (fingerprint) WHERE status <> 'resolved' DO NOTHING`;
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

  /** @throws ConcurrentOpenError when an alert to insert is open already. */
  async store(episodes: FoldedEpisode[], at: Date): Promise<void> {
    const fresh = episodes.filter((folded) => folded.isNew);
    const known = episodes.filter((folded) => !folded.isNew);
    const changed = known.filter((folded) => folded.content !== null);
    // Updates first: what they resolve makes room for a new episode of the same alert.
    await this.run(
      UPDATE_STATE,
      known.map((folded) => ({ id: folded.id, ...stateRow(folded, at) })),
    );
    await this.run(
      UPDATE_CONTENT,
      changed.map((folded) => ({ id: folded.id, ...contentRow(folded) })),
    );
    await this.insert(fresh, at);
  }

  private async insert(fresh: FoldedEpisode[], at: Date): Promise<void> {
    const rows = fresh
      .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
      .map((folded) => ({
        id: folded.id,
        fingerprint: folded.fingerprint,
        source: folded.content?.source,
        ...stateRow(folded, at),
        ...contentRow(folded),
      }));
    if ((await this.run(INSERT, rows)) < rows.length)
      throw new ConcurrentOpenError('an alert was opened meanwhile');
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

function stateRow({ episode }: FoldedEpisode, at: Date) {
  return {
    status: episode.status,
    starts_at: episode.startsAt,
    ends_at: episode.endsAt,
    last_received_at: episode.lastReceivedAt,
    occurrences: episode.occurrences,
    expires_at: episode.expiresAt,
    expiry_is_timeout: episode.expiryIsTimeout,
    check_at: episode.checkAt,
    acknowledged_by: episode.acknowledgedBy,
    acknowledged_at: episode.acknowledgedAt,
    resolved_at: episode.resolvedAt,
    updated_at: at,
  };
}

function contentRow({ content: delivery, episode }: FoldedEpisode) {
  return {
    alert_name: delivery?.alertName,
    severity: delivery?.severity,
    severity_rank: delivery === null ? undefined : severityRank[delivery.severity],
    labels: delivery?.labels,
    annotations: delivery?.annotations,
    generator_url: delivery?.generatorUrl,
    extras: delivery?.extras,
    truncated_alerts: delivery?.truncatedAlerts,
    content_hash: episode.contentHash,
  };
}
