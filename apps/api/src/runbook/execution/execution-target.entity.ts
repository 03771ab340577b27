import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ExecutionEntity } from './execution.entity.js';

/** Which targets an execution works on: for filters, cooldowns and the queue per target. */
@Entity('execution_targets')
@Index('execution_targets_by_target', ['targetId', 'executionId'])
export class ExecutionTargetEntity {
  @PrimaryColumn('uuid') executionId!: string;
  @PrimaryColumn('uuid') targetId!: string;
  @ManyToOne(() => ExecutionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'execution_id', foreignKeyConstraintName: 'execution_targets_execution_fkey' })
  execution!: Relation<ExecutionEntity>;
}
