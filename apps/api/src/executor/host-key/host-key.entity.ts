import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TargetEntity } from '../target/target.entity.js';

@Entity('host_keys')
@Index('host_keys_target_fingerprint', ['targetId', 'fingerprint'], { unique: true })
export class HostKeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') targetId!: string;
  @ManyToOne(() => TargetEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'target_id', foreignKeyConstraintName: 'host_keys_target_fkey' })
  target!: Relation<TargetEntity>;
  @Column('text') algorithm!: string;
  @Column('text') fingerprint!: string;
  @Column('text') status!: 'pending' | 'accepted' | 'revoked';
  @Column('timestamptz') firstSeenAt!: Date;
  @Column('timestamptz') lastSeenAt!: Date;
  @Column('text', { nullable: true }) acceptedBy!: string | null;
  @Column('timestamptz', { nullable: true }) acceptedAt!: Date | null;
  @Column('text', { nullable: true }) revokedBy!: string | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}
