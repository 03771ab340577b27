import { Injectable } from '@nestjs/common';
import { Propagation, TransactionHost } from '@nestjs-cls/transactional';
import type { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import type { EntityManager } from 'typeorm';

/** Gives repositories the entity manager of the transaction that is under way, or the plain one. */
@Injectable()
export class DatabaseSession {
  constructor(private readonly host: TransactionHost<TransactionalAdapterTypeOrm>) {}

  get manager(): EntityManager {
    return this.host.tx;
  }

  /** Runs `work` in a transaction; joins the one that is under way. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.host.withTransaction(work);
  }

  /**
   * Runs `work` in a transaction of its own, which stays when the one that is under way is undone. It takes a second
   * connection meanwhile: not for what is done often.
   */
  apart<T>(work: () => Promise<T>): Promise<T> {
    return this.host.withTransaction(Propagation.RequiresNew, work);
  }

  get inTransaction(): boolean {
    return this.host.isTransactionActive();
  }
}
