import { Injectable } from '@nestjs/common';
import {
  allInOrder,
  arrayLiteral,
  DatabaseSession,
  OperationalError,
  UnexpectedError,
} from '../../platform/index.js';
import { severityRank } from '../identity/severity.js';
import type { FoldedEpisode, StoredEpisode } from './fold-deliveries.js';

/** Another process opened one of the alerts at the same moment: read again and merge again. */
export class ConcurrentOpenError extends Error {
  override readonly name = 'ConcurrentOpenError';
}

/** Name and type of what is written, in the order in which it is sent. */
const stateColumns = {
  ...{ status: 'text', starts_at: 'timestamptz', ends_at: 'timestamptz', last_received_at: 'timestamptz' },
  ...{
    occurrences: 'integer',
    expires_at: 'timestamptz',
    expiry_is_timeout: 'boolean',
    check_at: 'timestamptz',
  },
  ...{ acknowledged_by: 'text', acknowledged_at: 'timestamptz', resolved_at: 'timestamptz' },
  updated_at: 'timestamptz',
} as const;
const contentColumns = {
  ...{
    alert_name: 'text',
    severity: 'text',
    severity_rank: 'smallint',
    labels: 'jsonb',
    annotations: 'jsonb',
  },
  ...{ generator_url: 'text', extras: 'jsonb', truncated_alerts: 'integer', content_hash: 'text' },
} as const;
const freshColumns = {
  ...{ id: 'uuid', fingerprint: 'text', source: 'text', first_status: 'text' },
  ...stateColumns,
  ...contentColumns,
} as const;
type Columns = Record<string, string>;
type Row<C extends Columns> = Record<keyof C, string | number | boolean | null>;

/** Rows from one array a column: PostgreSQL reads them in half the time that it needs for the same in JSON. */
function rowsOf(columns: Columns): string {
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS r(${namesOf(columns)})`;
}
const namesOf = (columns: Columns): string => Object.keys(columns).join(', ');
const assignments = (columns: Columns): string =>
  Object.keys(columns)
    .map((name) => `${name} = r.${name}`)
    .join(', ');
const stateWithId = { id: 'uuid', ...stateColumns } as const;
const contentWithId = { id: 'uuid', ...contentColumns } as const;

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
  INSERT INTO alerts (${namesOf(freshColumns)}, remediation, created_at)
  SELECT r.*, 'none', r.updated_at FROM ${rowsOf(freshColumns)}
  ON CONFLICT (fingerprint) WHERE status <> 'resolved' DO NOTHING`;
const UPDATE_STATE = `
  UPDATE alerts SET ${assignments(stateColumns)} FROM ${rowsOf(stateWithId)} WHERE alerts.id = r.id`;
const UPDATE_CONTENT = `
  UPDATE alerts SET ${assignments(contentColumns)} FROM ${rowsOf(contentWithId)} WHERE alerts.id = r.id`;

/** Reads and writes whole batches of episodes, each in one statement. */
@Injectable()
export class IngestRepository {
  constructor(private readonly session: DatabaseSession) {}

  /**
   * The newest episode of each fingerprint, the open one if there is one, held until the transaction ends. Always in
   * the order of the fingerprints, so that two writers never wait on each other in a circle.
   */
  async load(fingerprints: string[]): Promise<StoredEpisode[]> {
    return this.session.manager.query<StoredEpisode[]>(LOAD, [arrayLiteral(fingerprints.toSorted())]);
  }

  /**
   * Inserts and updates.
   * @throws ConcurrentOpenError when an alert to insert is open already.
   */
  async store(episodes: FoldedEpisode[], at: Date): Promise<void> {
    const iso = isoTexts();
    const known = episodes.filter(({ firstStatus }) => firstStatus === null);
    const changed = known.filter((folded) => folded.content !== null);
    // Updates first: what they resolve makes room for a new episode of the same alert.
    const states = known.map((folded) => ({ id: folded.id, ...stateRow(folded, at, iso) }));
    const contents = changed.map((folded) => ({ id: folded.id, ...contentRow(folded) }));
    const fresh = episodes.filter(({ firstStatus }) => firstStatus !== null).sort(byFingerprint);
    const rows = fresh.map((folded) => freshRow(folded, at, iso));
    const [, , inserted] = await allInOrder([
      this.run(UPDATE_STATE, stateWithId, states),
      this.run(UPDATE_CONTENT, contentWithId, contents),
      this.run(INSERT, freshColumns, rows),
    ]);
    if (inserted < rows.length) throw new ConcurrentOpenError('an alert was opened meanwhile');
  }

  /** Runs a set-based statement; answers how many rows it touched. */
  private async run<C extends Columns>(sql: string, columns: C, rows: Row<C>[]): Promise<number> {
    if (rows.length === 0) return 0;
    const runner = this.session.manager.queryRunner;
    if (runner === undefined) throw new OperationalError('Ingestion writes in a transaction only');
    const arrays = Object.keys(columns).map((name) => arrayLiteral(rows.map((row) => row[name] ?? null)));
    const result = await runner.query(sql, arrays, true);
    return result.affected ?? 0;
  }
}

type IsoText = (time: Date | null) => string | null;

/** Times as text; a batch has few different ones, and writing one costs more than looking it up. */
function isoTexts(): IsoText {
  const known = new Map<number, string>();
  return (time) => {
    if (time === null) return null;
    const text = known.get(time.getTime()) ?? time.toISOString();
    known.set(time.getTime(), text);
    return text;
  };
}

const byFingerprint = (a: FoldedEpisode, b: FoldedEpisode): number =>
  a.fingerprint < b.fingerprint ? -1 : 1;

function freshRow(folded: FoldedEpisode, at: Date, iso: IsoText): Row<typeof freshColumns> {
  return {
    id: folded.id,
    fingerprint: folded.fingerprint,
    source: folded.content?.source ?? null,
    first_status: folded.firstStatus,
    ...stateRow(folded, at, iso),
    ...contentRow(folded),
  };
}

function stateRow({ episode }: FoldedEpisode, at: Date, iso: IsoText): Row<typeof stateColumns> {
  return {
    status: episode.status,
    starts_at: iso(episode.startsAt),
    ends_at: iso(episode.endsAt),
    last_received_at: iso(episode.lastReceivedAt),
    occurrences: episode.occurrences,
    expires_at: iso(episode.expiresAt),
    expiry_is_timeout: episode.expiryIsTimeout,
    check_at: iso(episode.checkAt),
    acknowledged_by: episode.acknowledgedBy,
    acknowledged_at: iso(episode.acknowledgedAt),
    resolved_at: iso(episode.resolvedAt),
    updated_at: iso(at),
  };
}

function contentRow({ content: delivery, episode }: FoldedEpisode): Row<typeof contentColumns> {
  if (delivery === null) throw new UnexpectedError('An alert without content is to be written');
  return {
    alert_name: delivery.alertName,
    severity: delivery.severity,
    severity_rank: severityRank[delivery.severity],
    labels: JSON.stringify(delivery.labels),
    annotations: JSON.stringify(delivery.annotations),
    generator_url: delivery.generatorUrl,
    extras: JSON.stringify(delivery.extras),
    truncated_alerts: delivery.truncatedAlerts,
    content_hash: episode.contentHash,
  };
}
