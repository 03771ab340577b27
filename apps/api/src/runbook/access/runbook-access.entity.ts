import type { PermitRole, RunbookRisk } from '@aiops/contracts';
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { RunbookEntity } from '../definition/runbook.entity.js';

/** Who may run and approve a runbook. One without a row has what follows from its newest version. */
@Entity('runbook_access')
export class RunbookAccessEntity {
  @PrimaryColumn('uuid') runbookId!: string;
  @OneToOne(() => RunbookEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'runbook_id', foreignKeyConstraintName: 'runbook_access_runbook_fkey' })
  runbook?: Relation<RunbookEntity>;
  @Column('text') risk!: RunbookRisk;
  @Column('text', { nullable: true }) runRole!: PermitRole | null;
  @Column('uuid', { array: true }) runUsers!: string[];
  @Column('text', { nullable: true }) approveRole!: PermitRole | null;
  @Column('uuid', { array: true }) approveUsers!: string[];
  @Column('boolean') selfApproval!: boolean;
  @Column('text') updatedBy!: string;
  @Column('timestamptz') updatedAt!: Date;
}
