import type { IngestMappingInput } from '@aiops/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('ingest_mappings')
export class IngestMappingEntity {
  @PrimaryColumn('text') source!: string;
  @Column('jsonb') mapping!: IngestMappingInput;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
