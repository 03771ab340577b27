import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('failed_operations')
@Index('failed_operations_by_time', ['failedAt', 'id'])
export class FailedOperationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') operation!: string;
  @Column('jsonb') payload!: Record<string, unknown>;
  @Column('text') error!: string;
  @Column('integer') attempts!: number;
  @Column('text') status!: 'failed' | 'retried' | 'discarded';
  @Column('timestamptz') failedAt!: Date;
  @Column('text', { nullable: true }) handledBy!: string | null;
  @Column('timestamptz', { nullable: true }) handledAt!: Date | null;
}
