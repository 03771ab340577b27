import type { IngestMappingInput } from '@aiops/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('ingest_mappings')
@Index('ingest_mappings_source', ['source'], { unique: true })
export class IngestMappingEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') source!: string;
  @Column('jsonb') mapping!: IngestMappingInput;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
