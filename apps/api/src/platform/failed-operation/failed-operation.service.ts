import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { AuditLog } from '../audit/audit-log.service.js';
import { audited } from '../audit/audit-subject.js';
import { Clock, newId } from '../clock.js';
import { inBulk, oneByOne, type BulkOutcome } from '../database/bulk.js';
import { DatabaseSession } from '../database/database-session.js';
import { UserError } from '../errors/errors.js';
import type { Actor } from '../http/access.js';
import { JobQueue } from '../jobs/job-queue.service.js';
import type { Page, Reads, Sparse } from '../database/page.js';
import {
  FailedOperationRepository,
  type FailedOperation,
  type FailedOperationQuery,
} from './failed-operation.repository.js';

export type { FailedOperation } from './failed-operation.repository.js';

/** Keeps every job that used up its attempts until a person tries it again or discards it. */
@Injectable()
export class FailedOperationService implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobQueue,
    private readonly repository: FailedOperationRepository,
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.onDeadLetter(async (letter) => {
      await this.repository.add({
        id: newId(),
        operation: letter.queue,
        payload: { ...letter.payload },
        error: letter.error,
        attempts: letter.attempts,
        status: 'failed',
        failedAt: this.clock.now(),
        handledBy: null,
        handledAt: null,
      });
    });
  }

  list(query: FailedOperationQuery & Reads): Promise<Page<Sparse<FailedOperation>>> {
    return this.repository.list(query);
  }

  /** Of one operation what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<FailedOperation>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('failed operation', id);
    return found;
  }

  async get(id: string): Promise<FailedOperation> {
    const found = await this.repository.find(id);
    if (found === null) throw UserError.notFound('failed operation', id);
    return found;
  }

  /** Sends the job once more, with all its attempts. */
  @Transactional()
  async retry(id: string, actor: Actor): Promise<FailedOperation> {
    const operation = await this.handle(id, 'retried', actor);
    if (!this.jobs.knows(operation.operation)) {
      throw new UserError(
        'conflict',
        `This version of the engine has no work called "${operation.operation}". It can only be discarded.`,
      );
    }
    await this.jobs.insert(operation.operation, [operation.payload]);
    return this.get(id);
  }

  @Transactional()
  async discard(id: string, actor: Actor): Promise<FailedOperation> {
    await this.handle(id, 'discarded', actor);
    return this.get(id);
  }

  /** Each by itself: one that was handled already, or whose job is gone, comes back as failed. */
  async retryMany(ids: string[], actor: Actor): Promise<BulkOutcome> {
    return this.each(ids, async (id) => void (await this.retry(id, actor)));
  }

  async discardMany(ids: string[], actor: Actor): Promise<BulkOutcome> {
    return this.each(ids, async (id) => void (await this.discard(id, actor)));
  }

  private each(ids: string[], act: (id: string) => Promise<void>): Promise<BulkOutcome> {
    return inBulk(this.session, ids, { what: 'failed operation' }, oneByOne(this.session, act));
  }

  private async handle(id: string, status: 'retried' | 'discarded', actor: Actor): Promise<FailedOperation> {
    const operation = await this.get(id);
    const done = await this.repository.handle(id, status, actor.name, this.clock.now());
    if (!done) throw new UserError('conflict', `This operation was already ${operation.status}.`);
    const change = auditedOperation.changed(operation, { ...operation, status });
    await this.audit.record({ action: `failed_operation.${status}`, ...change, actor });
    return operation;
  }
}

/** Not its payload, in which there may be anything. */
const auditedOperation = audited<FailedOperation>()({
  kind: 'failed_operation',
  name: ({ operation }) => operation,
  fields: ['operation', 'status', 'error'],
});
