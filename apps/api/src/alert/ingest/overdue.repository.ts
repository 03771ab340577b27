import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';

/** An alert that was resolved because nothing more was heard of it. */
export interface OverdueAlert {
  id: string;
  expiresAt: Date;
  wasTimeout: boolean;
}

// The inner query chooses by the index on the time: with the order of the locks in the same query, PostgreSQL would go
// through all open alerts in that order to find the few that are due.
const DUE = `
  SELECT id FROM alerts WHERE status <> 'resolved' AND check_at <= $1 AND id = ANY(ARRAY(
    SELECT id FROM alerts WHERE status <> 'resolved' AND check_at IS NOT NULL AND check_at <= $1
    ORDER BY check_at LIMIT $2))
  ORDER BY fingerprint FOR UPDATE SKIP LOCKED`;

@Injectable()
export class OverdueRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Alerts whose time to be looked at has come, held until the transaction ends; others hold theirs. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows = await this.session.manager.query<{ id: string }[]>(DUE, [now, limit]);
    return rows.map(({ id }) => id);
  }

  /** Alerts among `ids` that were heard of again are looked at later. */
  async postpone(ids: string[], now: Date): Promise<void> {
    await this.session.manager.query(
      `UPDATE alerts SET check_at = expires_at WHERE id = ANY($1) AND (expires_at IS NULL OR expires_at > $2)`,
      [ids, now],
    );
  }

  /** Resolves those of `ids` whose end has come, as of that end. */
  async resolve(ids: string[], now: Date): Promise<OverdueAlert[]> {
    const [rows] = await this.session.manager.query<[OverdueAlert[], number]>(
      `UPDATE alerts SET status = 'resolved', resolved_at = greatest(alerts.expires_at, alerts.starts_at),
         ends_at = greatest(alerts.expires_at, alerts.starts_at), expires_at = NULL, check_at = NULL, updated_at = $2
       FROM (SELECT id, expires_at, expiry_is_timeout FROM alerts WHERE id = ANY($1) AND expires_at <= $2) AS before
       WHERE alerts.id = before.id
       RETURNING alerts.id, before.expires_at AS "expiresAt", before.expiry_is_timeout AS "wasTimeout"`,
      [ids, now],
    );
    return rows;
  }
}
