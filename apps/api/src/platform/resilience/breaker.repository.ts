import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { DatabaseSession } from '../database/database-session.js';
import { BreakerEntity } from './breaker.entity.js';
import type { BreakerStatus } from './breaker.js';

export interface BreakerRecord extends BreakerStatus {
  instanceId: string;
}

@Injectable()
export class BreakerRepository {
  constructor(private readonly session: DatabaseSession) {}

  async save(record: BreakerRecord): Promise<void> {
    await this.session.manager.save(BreakerEntity, record);
  }

  /** As every process wrote its own. */
  all(): Promise<BreakerRecord[]> {
    return this.session.manager.find(BreakerEntity, { order: { name: 'ASC' } });
  }

  async remove(of: { name: string } | { instanceId: string } | { changedBefore: Date }): Promise<void> {
    const where = 'changedBefore' in of ? { changedAt: LessThan(of.changedBefore) } : of;
    await this.session.manager.delete(BreakerEntity, where);
  }
}
