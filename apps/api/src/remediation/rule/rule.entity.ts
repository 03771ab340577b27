import type { Matcher } from '@aiops/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('rules')
@Index('rules_name', ['name'], { unique: true })
@Index('rules_by_priority', ['priority', 'id'])
export class RuleEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('boolean') enabled!: boolean;
  @Column('integer') priority!: number;
  @Column('jsonb') matchers!: Matcher[];
  @Column('text') action!: 'ignore' | 'observe' | 'suggest' | 'approve' | 'auto';
  @Column('uuid', { nullable: true }) runbookId!: string | null;
  @Column('timestamptz', { nullable: true }) lastMatchedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
