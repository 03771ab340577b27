import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What was decided for one alert on one occasion; `cause` makes a repeated delivery of an event harmless. */
@Entity('remediation_decisions')
@Index('remediation_decisions_cause', ['alertId', 'cause'], { unique: true })
@Index('remediation_decisions_waiting', ['alertId'], { where: `outcome = 'wait'` })
export class DecisionEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') alertId!: string;
  @Column('text') cause!: string;
  @Column('uuid', { nullable: true }) ruleId!: string | null;
  @Column('uuid', { nullable: true }) runbookId!: string | null;
  @Column('uuid', { nullable: true }) executionId!: string | null;
  @Column('text') outcome!:
    'ignore' | 'observe' | 'suggest' | 'approve' | 'auto' | 'wait' | 'waited' | 'refused';
  @Column('jsonb') reasons!: string[];
  @Column('timestamptz') createdAt!: Date;
}

/** Which states of an execution are already on its alert's timeline. */
@Entity('remediation_outcomes')
export class OutcomeEntity {
  @PrimaryColumn('uuid') executionId!: string;
  @PrimaryColumn('text') status!: string;
  @Column('timestamptz') recordedAt!: Date;
}
