import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { In, Not, type SelectQueryBuilder } from 'typeorm';
import {
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type SortOptions,
  type Sparse,
} from '../platform/index.js';
import type { Alert, AlertFacts, RemediationState } from './alert.js';
import { AlertEntity } from './alert.entity.js';
import type { AlertFilter } from './alert.filter.js';

const sortOptions: SortOptions = {
  columns: {
    severity: { property: 'severityRank', kind: 'number' },
    starts_at: { property: 'startsAt', kind: 'time' },
    last_received_at: { property: 'lastReceivedAt', kind: 'time' },
    occurrences: { property: 'occurrences', kind: 'number' },
    // Ids are made in the order of creation, and their index is there anyway.
    created_at: { property: 'id', kind: 'id' },
  },
  fallback: '-starts_at',
};

/** What a person's action changes. */
export type LifecyclePatch = Pick<Alert, 'status' | 'updatedAt'> &
  Partial<
    Pick<AlertEntity, 'acknowledgedBy' | 'acknowledgedAt' | 'resolvedAt' | 'endsAt' | 'expiresAt' | 'checkAt'>
  >;

const FIND_MANY = `
  SELECT id, fingerprint, source, alert_name AS "alertName", severity, status, labels, annotations,
    generator_url AS "generatorUrl", extras, truncated_alerts AS "truncatedAlerts", starts_at AS "startsAt",
    ends_at AS "endsAt", last_received_at AS "lastReceivedAt", occurrences, acknowledged_by AS "acknowledgedBy",
    acknowledged_at AS "acknowledgedAt", resolved_at AS "resolvedAt", remediation, created_at AS "createdAt",
    updated_at AS "updatedAt"
  FROM alerts WHERE id = ANY($1::uuid[])`;

const FACTS = `
  SELECT id, status, alert_name AS "alertName", severity, source, labels, starts_at AS "startsAt", occurrences
  FROM alerts WHERE id = ANY($1::uuid[])`;

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

@Injectable()
export class AlertRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Alert> | null> {
    const builder = this.session.manager.createQueryBuilder(AlertEntity, 'alert').where({ id });
    return this.lists.one(builder, reads);
  }

  exists(id: string): Promise<boolean> {
    return this.session.manager.exists(AlertEntity, { where: { id } });
  }

  find(id: string): Promise<Alert | null> {
    return this.session.manager.findOneBy(AlertEntity, { id });
  }

  /** Without the detour over entities, and only what is needed: who decides in a storm reads hundreds at a time. */
  facts(ids: string[]): Promise<AlertFacts[]> {
    return this.session.manager.query<AlertFacts[]>(FACTS, [ids]);
  }

  findMany(ids: string[]): Promise<Alert[]> {
    return this.session.manager.query<Alert[]>(FIND_MANY, [ids]);
  }

  /** Open alerts, newest start first. */
  open(limit: number): Promise<Alert[]> {
    const newestFirst = { startsAt: 'DESC', id: 'DESC' } as const;
    return this.session.manager.find(AlertEntity, {
      where: { status: Not('resolved') },
      order: newestFirst,
      take: limit,
    });
  }

  newest(limit: number): Promise<Alert[]> {
    return this.session.manager.find(AlertEntity, { order: { id: 'DESC' }, take: limit });
  }

  /** Episodes of one alert, newest first. */
  episodes(fingerprint: string, excludeId: string | undefined, limit: number): Promise<Alert[]> {
    const where = excludeId === undefined ? { fingerprint } : { fingerprint, id: Not(excludeId) };
    return this.session.manager.find(AlertEntity, {
      where,
      order: { startsAt: 'DESC', id: 'DESC' },
      take: limit,
    });
  }

  list(query: ListQuery & Reads, filter: AlertFilter): Promise<Page<Sparse<Alert>>> {
    const builder = this.session.manager.createQueryBuilder(AlertEntity, 'alert');
    applyFilter(builder, filter);
    return this.lists.sparse(builder, query, sortOptions);
  }

  /** Reads alerts and holds them until the transaction ends; in the order of ingestion, so that no two wait on each other. */
  lock(ids: string[]): Promise<Alert[]> {
    return this.session.manager
      .createQueryBuilder(AlertEntity, 'alert')
      .where({ id: In(ids) })
      .orderBy('alert.fingerprint')
      .setLock('pessimistic_write')
      .getMany();
  }

  async changeLifecycle(ids: string[], patch: LifecyclePatch): Promise<void> {
    await this.session.manager.update(AlertEntity, { id: In(ids) }, patch);
  }

  /** @returns false when there is no such alert. */
  async setRemediation(id: string, remediation: RemediationState, at: Date): Promise<boolean> {
    const result = await this.session.manager.update(AlertEntity, { id }, { remediation, updatedAt: at });
    return result.affected === 1;
  }

  async remove(ids: string[]): Promise<void> {
    await this.session.manager.delete(AlertEntity, { id: In(ids) });
  }
}

function applyFilter(builder: SelectQueryBuilder<AlertEntity>, filter: AlertFilter): void {
  const { statuses, severities, sources, alertNames, labels, from, to, text } = filter;
  if (statuses.length > 0) builder.andWhere('alert.status IN (:...statuses)', { statuses });
  if (severities.length > 0) builder.andWhere('alert.severity IN (:...severities)', { severities });
  if (sources.length > 0) builder.andWhere('alert.source IN (:...sources)', { sources });
  if (alertNames.length > 0) builder.andWhere('alert.alertName IN (:...alertNames)', { alertNames });
  labels.forEach(({ name, values }, index) => {
    // Containment is what the index on labels answers.
    const sets = values.map((value) => JSON.stringify({ [name]: value }));
    const key = `labels${index}`;
    if (sets.length > 0) builder.andWhere(`alert.labels @> ANY (CAST(:${key} AS jsonb[]))`, { [key]: sets });
    else builder.andWhere(`NOT jsonb_exists(alert.labels, :${key})`, { [key]: name });
  });
  if (from !== null) builder.andWhere('alert.startsAt >= :from', { from });
  if (to !== null) builder.andWhere('alert.startsAt < :to', { to });
  if (text !== null) {
    builder.andWhere(
      '(alert.alertName ILIKE :like OR alert.labels::text ILIKE :like OR alert.annotations::text ILIKE :like)',
      { like: `%${escapeLike(text)}%` },
    );
  }
}
