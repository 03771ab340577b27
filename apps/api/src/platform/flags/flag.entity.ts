import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('feature_flags')
@Index('feature_flags_key', ['key'], { unique: true })
export class FeatureFlagEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') key!: string;
  @Column('text') description!: string;
  @Column('boolean') enabled!: boolean;
  @Column('integer') percentage!: number;
  @Column('integer') version!: number;
  @Column('text', { nullable: true }) updatedBy!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
