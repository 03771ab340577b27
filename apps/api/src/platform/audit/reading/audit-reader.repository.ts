import { Injectable } from '@nestjs/common';
import type { AuditLogFilter, AuditLogListQuery } from '@aiops/contracts';
import type { SelectQueryBuilder } from 'typeorm';
import { DatabaseSession } from '../../database/database-session.js';
import { containing } from '../../database/like.js';
import { Lists } from '../../database/lists.js';
import type { Page, Reads, Sparse } from '../../database/page.js';
import { AuditEntryEntity } from '../audit-entry.entity.js';

export type AuditEntry = Pick<AuditEntryEntity, keyof AuditEntryEntity>;

const SEARCHED = ['actorName', 'subjectName', 'subjectId', 'reason', 'action', 'remoteAddress'];

/** Reads the log for people. */
@Injectable()
export class AuditReaderRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: AuditLogListQuery & Reads): Promise<Page<Sparse<AuditEntry>>> {
    return this.lists.sparse(this.filtered(query), query, {
      columns: {
        position: { property: 'position', kind: 'number' },
        occurred_at: { property: 'occurredAt', kind: 'time' },
      },
      fallback: '-position',
    });
  }

  read(id: string, reads: Reads): Promise<Sparse<AuditEntry> | null> {
    return this.lists.one(this.builder().where({ id }), reads);
  }

  /** The newest position there is, 0 for an empty log. */
  async newest(): Promise<number> {
    const [row] = await this.session.manager.query<{ newest: string | null }[]>(
      'SELECT max(position)::text AS newest FROM audit_log',
    );
    return Number(row?.newest ?? 0);
  }

  /** Entries that match, oldest first, from behind one position up to another. */
  batch(filter: AuditLogFilter, range: { after: number; upTo: number }, size: number): Promise<AuditEntry[]> {
    return this.filtered(filter)
      .andWhere('entry.position > :after AND entry.position <= :upTo', range)
      .orderBy('entry.position', 'ASC')
      .limit(size)
      .getMany();
  }

  private builder(): SelectQueryBuilder<AuditEntryEntity> {
    return this.session.manager.createQueryBuilder(AuditEntryEntity, 'entry');
  }

  private filtered(filter: AuditLogFilter): SelectQueryBuilder<AuditEntryEntity> {
    const builder = this.builder();
    const { action, outcome, subject_kind, subject_id, trace_id, actor, from, to, q } = filter;
    if (action !== undefined) builder.andWhere('entry.action = :action', { action });
    if (outcome !== undefined) builder.andWhere('entry.outcome = :outcome', { outcome });
    if (subject_kind !== undefined) builder.andWhere('entry.subjectKind = :subject_kind', { subject_kind });
    if (subject_id !== undefined) builder.andWhere('entry.subjectId = :subject_id', { subject_id });
    if (trace_id !== undefined) builder.andWhere('entry.traceId = :trace_id', { trace_id });
    if (actor !== undefined)
      builder.andWhere('(entry.actorId = :actor OR entry.actorName = :actor)', { actor });
    if (from !== undefined) builder.andWhere('entry.occurredAt >= :from', { from });
    if (to !== undefined) builder.andWhere('entry.occurredAt < :to', { to });
    if (q !== undefined && q !== '') {
      const anywhere = SEARCHED.map((property) => `entry.${property} ILIKE :like`).join(' OR ');
      builder.andWhere(`(${anywhere})`, { like: containing(q) });
    }
    return builder;
  }
}
