import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ExecutionEntity } from '../execution.entity.js';

/** One execution at a time per target: the one that stands here. */
@Entity('target_locks')
@Index('target_locks_by_execution', ['executionId'])
export class TargetLockEntity {
  @PrimaryColumn('uuid') targetId!: string;
  @Column('uuid') executionId!: string;
  @ManyToOne(() => ExecutionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'execution_id', foreignKeyConstraintName: 'target_locks_execution_fkey' })
  execution!: Relation<ExecutionEntity>;
  @Column('timestamptz') lockedAt!: Date;
}
