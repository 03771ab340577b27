import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ExecutionEntity } from '../execution.entity.js';

/** A piece of output. The sequence is per execution, without gaps, in the order in which it was written. */
@Entity('execution_output')
export class ExecutionOutputEntity {
  @PrimaryColumn('uuid') executionId!: string;
  @PrimaryColumn('integer') sequence!: number;
  @ManyToOne(() => ExecutionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'execution_id', foreignKeyConstraintName: 'execution_output_execution_fkey' })
  execution!: Relation<ExecutionEntity>;
  @Column('integer') stepIndex!: number;
  @Column('integer') attempt!: number;
  @Column('text') stream!: 'stdout' | 'stderr' | 'system';
  @Column('text') text!: string;
  /** Size in UTF-8, so that a new worker knows what is left of the limit. */
  @Column('integer') bytes!: number;
  @Column('timestamptz') at!: Date;
}
