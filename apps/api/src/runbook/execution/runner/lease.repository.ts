import { Injectable } from '@nestjs/common';
import { DatabaseSession, newId } from '../../../platform/index.js';
import type { Lease } from './lease.js';

/**
 * Who may act for which execution. Leases run by the database's clock, so that workers need not agree on the time.
 * An execution is due when its `wake_at` has passed and nobody holds a lease that is still good: new work, waits that
 * are over and the work of dead workers all look alike.
 */
@Injectable()
export class LeaseRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Takes up to `limit` executions that are due; those another worker is just taking are passed over. */
  async claimDue(owner: string, leaseMs: number, now: Date, limit: number): Promise<Lease[]> {
    const token = newId();
    const rows: { id: string }[] = await this.returning(
      `UPDATE executions SET lease_token = $1, lease_owner = $2, lease_expires_at = ${until('$3')}
       WHERE id IN (
         SELECT id FROM executions
         WHERE wake_at <= $4 AND (lease_expires_at IS NULL OR lease_expires_at < clock_timestamp())
         ORDER BY wake_at LIMIT $5 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [token, owner, leaseMs, now, limit],
    );
    return rows.map(({ id }) => ({ executionId: id, token }));
  }

  /** Takes this one if it is due; one that waits for its target is always worth a look. */
  async claim(executionId: string, owner: string, leaseMs: number, now: Date): Promise<Lease | null> {
    const token = newId();
    const rows = await this.returning(
      `UPDATE executions SET lease_token = $1, lease_owner = $2, lease_expires_at = ${until('$3')}
       WHERE id = $5 AND (wake_at <= $4 OR status = 'queued')
         AND (lease_expires_at IS NULL OR lease_expires_at < clock_timestamp())
       RETURNING id`,
      [token, owner, leaseMs, now, executionId],
    );
    return rows.length === 1 ? { executionId, token } : null;
  }

  /**
   * Extends these leases. One whose row is being written just now is extended the next time: a slow transition of one
   * execution must not cost the leases of all. @returns the executions whose lease still holds
   */
  async renew(leases: Lease[], leaseMs: number): Promise<Set<string>> {
    const rows: { id: string }[] = await this.session.manager.query(
      `WITH held AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)),
       free AS (
         SELECT executions.id FROM executions JOIN held USING (id)
         WHERE executions.lease_token = held.token FOR UPDATE OF executions SKIP LOCKED),
       renewed AS (
         UPDATE executions SET lease_expires_at = ${until('$3')} FROM free WHERE executions.id = free.id)
       SELECT executions.id FROM executions JOIN held USING (id) WHERE executions.lease_token = held.token`,
      [leases.map((lease) => lease.executionId), leases.map((lease) => lease.token), leaseMs],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Gives the lease back unless something has changed since `version`. @returns false when it has */
  async release(lease: Lease, version: number): Promise<boolean> {
    const rows = await this.returning(
      `UPDATE executions SET lease_token = NULL, lease_owner = NULL, lease_expires_at = NULL
       WHERE id = $1 AND lease_token = $2 AND version = $3 RETURNING id`,
      [lease.executionId, lease.token, version],
    );
    return rows.length === 1;
  }

  /** The stored versions of these executions, to notice changes that came from outside. */
  async versions(ids: string[]): Promise<Map<string, number>> {
    const rows: { id: string; version: number }[] = await this.session.manager.query(
      'SELECT id, version FROM executions WHERE id = ANY($1)',
      [ids],
    );
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  /** TypeORM answers an UPDATE with its rows and their number. */
  private async returning(sql: string, parameters: unknown[]): Promise<{ id: string }[]> {
    const [rows]: [{ id: string }[], number] = await this.session.manager.query(sql, parameters);
    return rows;
  }
}

const until = (parameter: string): string =>
  `clock_timestamp() + ${parameter}::bigint * interval '1 millisecond'`;
