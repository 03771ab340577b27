import type { StepPhase, StepStatus } from '@aiops/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ExecutionEntity } from './execution.entity.js';
import type { ActorRef, StepKind, StepPolicy, StepResult } from './machine/state.js';

@Entity('execution_steps')
export class ExecutionStepEntity {
  @PrimaryColumn('uuid') executionId!: string;
  @PrimaryColumn('integer') index!: number;
  @ManyToOne(() => ExecutionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'execution_id', foreignKeyConstraintName: 'execution_steps_execution_fkey' })
  execution!: Relation<ExecutionEntity>;
  @Column('text') phase!: StepPhase;
  @Column('integer') position!: number;
  @Column('text') kind!: StepKind;
  @Column('text') name!: string;
  @Column('integer') lane!: number;
  @Column('uuid', { nullable: true }) targetId!: string | null;
  @Column('text', { nullable: true }) targetName!: string | null;
  @Column('jsonb') policy!: StepPolicy;
  @Column('boolean') approvalRequired!: boolean;
  @Column('jsonb', { nullable: true }) approvedBy!: ActorRef | null;
  @Column('text') status!: StepStatus;
  @Column('integer') attempt!: number;
  @Column('integer') interruptions!: number;
  @Column('timestamptz', { nullable: true }) notBefore!: Date | null;
  @Column('integer', { nullable: true }) exitCode!: number | null;
  @Column('text', { nullable: true }) command!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('jsonb', { nullable: true }) result!: StepResult | null;
  @Column('timestamptz', { nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
}
