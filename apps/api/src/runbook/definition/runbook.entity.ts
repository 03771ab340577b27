import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { BreakerPhase } from '../execution/safety/breaker.js';

@Entity('runbooks')
@Index('runbooks_by_name', ['name'], { unique: true, where: 'deleted_at IS NULL' })
@Index('runbooks_by_creation', ['createdAt', 'id'])
export class RunbookEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('text') category!: string;
  @Column('jsonb') tags!: string[];
  @Column('integer') version!: number;
  @Column('uuid') versionId!: string;
  @Column('text') approval!: 'required' | 'by_rule' | 'never';
  @Column('boolean') enabled!: boolean;
  @Column('text') breakerState!: BreakerPhase;
  @Column('integer') breakerFailures!: number;
  @Column('timestamptz', { nullable: true }) breakerOpenedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) breakerRetryAt!: Date | null;
  /** The execution that is the one trial of a half-open breaker. */
  @Column('uuid', { nullable: true }) breakerTrial!: string | null;
  @Column('timestamptz', { nullable: true }) deletedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
