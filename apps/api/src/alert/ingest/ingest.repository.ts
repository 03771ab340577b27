import { Injectable } from '@nestjs/common';
import {
  allInOrder,
  arrayLiteral,
  DatabaseSession,
  OperationalError,
  UnexpectedError,
} from '../../platform/index.js';
import { severityRank } from '../identity/severity.js';
import type { Delivery } from './delivery.js';
import type { FoldedEpisode, StoredEpisode } from './fold-deliveries.js';

/** Another process opened one of the alerts at the same moment: read again and merge again. */
export class ConcurrentOpenError extends Error {
  override readonly name = 'ConcurrentOpenError';
}

/** A column that is written: its type, and its value for an episode. */
interface Column {
  type: string;
  value: (folded: FoldedEpisode, batch: Batch) => string | number | boolean | null;
}
type Columns = Record<string, Column>;
interface Batch {
  at: Date;
  iso: IsoText;
}

const column = (type: string, value: Column['value']): Column => ({ type, value });
const time = (of: (episode: FoldedEpisode['episode']) => Date | null): Column =>
  column('timestamptz', ({ episode }, { iso }) => iso(of(episode)));

const stateColumns: Columns = {
  status: column('text', ({ episode }) => episode.status),
  starts_at: time((episode) => episode.startsAt),
  ends_at: time((episode) => episode.endsAt),
  last_received_at: time((episode) => episode.lastReceivedAt),
  occurrences: column('integer', ({ episode }) => episode.occurrences),
  expires_at: time((episode) => episode.expiresAt),
  expiry_is_timeout: column('boolean', ({ episode }) => episode.expiryIsTimeout),
  check_at: time((episode) => episode.checkAt),
  acknowledged_by: column('text', ({ episode }) => episode.acknowledgedBy),
  acknowledged_at: time((episode) => episode.acknowledgedAt),
  resolved_at: time((episode) => episode.resolvedAt),
  updated_at: column('timestamptz', (_folded, { at, iso }) => iso(at)),
};
const contentColumns: Columns = {
  alert_name: column('text', (folded) => contentOf(folded).alertName),
  severity: column('text', (folded) => contentOf(folded).severity),
  severity_rank: column('smallint', (folded) => severityRank[contentOf(folded).severity]),
  labels: column('jsonb', (folded) => JSON.stringify(contentOf(folded).labels)),
  annotations: column('jsonb', (folded) => JSON.stringify(contentOf(folded).annotations)),
  generator_url: column('text', (folded) => contentOf(folded).generatorUrl),
  extras: column('jsonb', (folded) => JSON.stringify(contentOf(folded).extras)),
  truncated_alerts: column('integer', (folded) => contentOf(folded).truncatedAlerts),
  content_hash: column('text', ({ episode }) => episode.contentHash),
};
const idColumn: Columns = { id: column('uuid', ({ id }) => id) };
const freshColumns: Columns = {
  ...idColumn,
  fingerprint: column('text', ({ fingerprint }) => fingerprint),
  source: column('text', (folded) => contentOf(folded).source),
  first_status: column('text', ({ firstStatus }) => firstStatus),
  ...stateColumns,
  ...contentColumns,
};

function contentOf({ content }: FoldedEpisode): Delivery {
  if (content === null) throw new UnexpectedError('An alert without content is to be written');
  return content;
}

/** Rows from one array a column: PostgreSQL reads them in half the time that it needs for the same in JSON. */
function rowsOf(columns: Columns): string {
  const arrays = Object.values(columns).map(({ type }, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS r(${namesOf(columns)})`;
}
const namesOf = (columns: Columns): string => Object.keys(columns).join(', ');
const assignments = (columns: Columns): string =>
  Object.keys(columns)
    .map((name) => `${name} = r.${name}`)
    .join(', ');
const stateWithId: Columns = { ...idColumn, ...stateColumns };
const contentWithId: Columns = { ...idColumn, ...contentColumns };

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
    const batch = { at, iso: isoTexts() };
    const known = episodes.filter(({ firstStatus }) => firstStatus === null);
    const changed = known.filter((folded) => folded.content !== null);
    const fresh = episodes.filter(({ firstStatus }) => firstStatus !== null).sort(byFingerprint);
    // Updates first: what they resolve makes room for a new episode of the same alert.
    const [, , inserted] = await allInOrder([
      this.write(UPDATE_STATE, stateWithId, known, batch),
      this.write(UPDATE_CONTENT, contentWithId, changed, batch),
      this.write(INSERT, freshColumns, fresh, batch),
    ]);
    if (inserted < fresh.length) throw new ConcurrentOpenError('an alert was opened meanwhile');
  }

  /** Runs a set-based statement; answers how many rows it touched. */
  private async write(
    sql: string,
    columns: Columns,
    episodes: FoldedEpisode[],
    batch: Batch,
  ): Promise<number> {
    if (episodes.length === 0) return 0;
    const runner = this.session.manager.queryRunner;
    if (runner === undefined) throw new OperationalError('Ingestion writes in a transaction only');
    const arrays = Object.values(columns).map(({ value }) =>
      arrayLiteral(episodes.map((folded) => value(folded, batch))),
    );
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
    const found = known.get(time.getTime());
    if (found !== undefined) return found;
    const text = time.toISOString();
    known.set(time.getTime(), text);
    return text;
  };
}

const byFingerprint = (a: FoldedEpisode, b: FoldedEpisode): number =>
  a.fingerprint < b.fingerprint ? -1 : 1;
