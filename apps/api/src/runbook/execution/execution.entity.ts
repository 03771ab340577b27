import type { ExecutionStatus, StepPhase } from '@aiops/contracts';
import type { ParameterValue } from '@aiops/runbook-format';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { StoredTrace } from '../../platform/index.js';
import type { AlertSnapshot, AskedFor, ExecutionTrigger } from './execution.types.js';
import type { ActorRef, Ending, Intervention, Verdict } from './machine/state.js';
import type { Plan, PlanTarget } from './plan/plan.types.js';

/** pg gives `bigint` as text; durations fit a number. */
const bigintNumber = { to: (value: number): number => value, from: (value: string): number => Number(value) };

@Entity('executions')
@Index('executions_by_creation', ['createdAt', 'id'])
@Index('executions_by_runbook', ['runbookId', 'createdAt'])
@Index('executions_by_end', ['runbookId', 'finishedAt'], { where: 'started_at IS NOT NULL' })
@Index('executions_by_start', ['runbookId', 'startedAt'], { where: 'started_at IS NOT NULL' })
@Index('executions_by_alert', ['alertId', 'createdAt'], { where: 'alert_id IS NOT NULL' })
@Index('executions_by_status', ['status', 'createdAt'])
@Index('executions_to_wake', ['wakeAt'], { where: 'wake_at IS NOT NULL' })
export class ExecutionEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') trigger!: ExecutionTrigger;
  @Column('boolean') dryRun!: boolean;
  @Column('uuid') runbookId!: string;
  @Column('uuid') runbookVersionId!: string;
  @Column('text') runbookName!: string;
  @Column('integer') runbookVersion!: number;
  @Column('uuid', { nullable: true }) alertId!: string | null;
  @Column('jsonb') targets!: PlanTarget[];
  @Column('jsonb') parameters!: Record<string, ParameterValue>;
  @Column('jsonb') alertSnapshot!: AlertSnapshot;
  @Column('jsonb') plan!: Plan;
  @Column('jsonb') requestedBy!: ActorRef;
  /** What was asked for, to ask it anew. */
  @Column('jsonb') asked!: AskedFor;
  /** Where the execution stands in the trace that asked for it, since it outlasts processes. */
  @Column('jsonb', { nullable: true }) trace!: StoredTrace | null;

  @Column('text') status!: ExecutionStatus;
  @Column('text') stage!: StepPhase;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('jsonb') strategy!: { batch: number; maxFailures: number };
  @Column('bigint', { transformer: bigintNumber }) approvalExpiresMs!: number;
  @Column('timestamptz', { nullable: true }) approvalExpiresAt!: Date | null;
  @Column('jsonb', { nullable: true }) approvedBy!: ActorRef | null;
  @Column('jsonb') interventions!: Intervention[];
  @Column('jsonb', { nullable: true }) ending!: Ending | null;
  @Column('jsonb', { nullable: true }) verdict!: Verdict | null;
  @Column('jsonb') rollbackLanes!: number[];
  @Column('timestamptz', { nullable: true }) verifyStartedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) wakeAt!: Date | null;

  /** Proof of who may write: a new one with every claim. */
  @Column('uuid', { nullable: true }) leaseToken!: string | null;
  @Column('text', { nullable: true }) leaseOwner!: string | null;
  @Column('timestamptz', { nullable: true }) leaseExpiresAt!: Date | null;
  @Column('integer') version!: number;

  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
  @Column('timestamptz') updatedAt!: Date;
}
