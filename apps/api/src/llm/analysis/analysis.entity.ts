import type { AnalysisHop } from '@aiops/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AnalysisFacts, AnalysisResult } from './facts.js';

@Entity('analyses')
@Index('analyses_by_alert', ['alertId', 'createdAt'])
export class AnalysisEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') alertId!: string;
  @Column('text') status!: 'pending' | 'running' | 'completed' | 'failed';
  @Column('jsonb') facts!: AnalysisFacts;
  @Column('text', { nullable: true }) provider!: string | null;
  @Column('text', { nullable: true }) model!: string | null;
  @Column('jsonb', { nullable: true }) result!: AnalysisResult | null;
  @Column('jsonb') hops!: AnalysisHop[];
  @Column('text') requestedBy!: string;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) completedAt!: Date | null;
}
