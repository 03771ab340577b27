import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { RunbookEntity } from './runbook.entity.js';

@Entity('runbook_versions')
@Unique('runbook_versions_by_number', ['runbookId', 'version'])
export class RunbookVersionEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') runbookId!: string;
  @ManyToOne(() => RunbookEntity, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'runbook_id', foreignKeyConstraintName: 'runbook_versions_runbook_fkey' })
  runbook!: Relation<RunbookEntity>;
  @Column('integer') version!: number;
  @Column('text') yaml!: string;
  @Column('text') createdBy!: string;
  @Column('timestamptz') createdAt!: Date;
}
