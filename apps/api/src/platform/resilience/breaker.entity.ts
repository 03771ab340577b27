import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { BreakerState } from './breaker.js';

/** How a breaker stands in one process, written when it changes. */
@Entity('circuit_breakers')
@Index('circuit_breakers_by_name', ['name'])
export class BreakerEntity {
  /** Of the process that judges. */
  @PrimaryColumn('uuid') instanceId!: string;
  @PrimaryColumn('text') name!: string;
  @Column('text') state!: BreakerState;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') changedAt!: Date;
  @Column('timestamptz', { nullable: true }) retryAt!: Date | null;
}
