import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { failedOperationListQuerySchema } from '@aiops/contracts';
import { DatabaseSession } from '../database/database-session.js';
import { containing } from '../database/like.js';
import { Lists } from '../database/lists.js';
import type { Page, Reads, Sparse } from '../database/page.js';
import { FailedOperationEntity } from './failed-operation.entity.js';

export type FailedOperation = FailedOperationEntity;
export type FailedOperationQuery = z.infer<typeof failedOperationListQuerySchema>;

@Injectable()
export class FailedOperationRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  async add(operation: FailedOperation): Promise<void> {
    await this.session.manager.save(FailedOperationEntity, operation);
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<FailedOperation> | null> {
    const builder = this.session.manager.createQueryBuilder(FailedOperationEntity, 'operation').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<FailedOperation | null> {
    return this.session.manager.findOneBy(FailedOperationEntity, { id });
  }

  list(query: FailedOperationQuery & Reads): Promise<Page<Sparse<FailedOperation>>> {
    const builder = this.session.manager.createQueryBuilder(FailedOperationEntity, 'operation');
    if (query.operation !== undefined) builder.andWhere('operation.operation = :operation', query);
    if (query.status !== undefined) builder.andWhere('operation.status = :status', query);
    if (query.from !== undefined) builder.andWhere('operation.failed_at >= :from', query);
    if (query.to !== undefined) builder.andWhere('operation.failed_at < :to', query);
    if (query.q !== undefined) {
      builder.andWhere('(operation.operation ILIKE :like OR operation.error ILIKE :like)', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        failed_at: { property: 'failedAt', kind: 'time' },
        operation: { property: 'operation', kind: 'text' },
      },
      fallback: '-failed_at',
    });
  }

  /** Marks a failed operation as handled. @returns false when somebody was faster. */
  async handle(id: string, status: 'retried' | 'discarded', by: string, at: Date): Promise<boolean> {
    const result = await this.session.manager.update(
      FailedOperationEntity,
      { id, status: 'failed' },
      { status, handledBy: by, handledAt: at },
    );
    return result.affected === 1;
  }
}
