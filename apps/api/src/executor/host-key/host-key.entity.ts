import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TargetEntity } from '../target/target.entity.js';
import type { CertificateFacts } from './host-key.js';

@Entity('host_keys')
@Index('host_keys_target_fingerprint', ['targetId', 'fingerprint'], { unique: true })
export class HostKeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') targetId!: string;
  @ManyToOne(() => TargetEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'target_id', foreignKeyConstraintName: 'host_keys_target_fkey' })
  target!: Relation<TargetEntity>;
  /** Null for a fingerprint that was pinned by itself, until a key answers with it. */
  @Column('text', { nullable: true }) algorithm!: string | null;
  @Column('text') fingerprint!: string;
  /** As in a `.pub` file; null as long as the fingerprint alone is known. */
  @Column('text', { nullable: true }) publicKey!: string | null;
  @Column('text') status!: 'pending' | 'accepted' | 'revoked' | 'certified';
  @Column('text') origin!: 'seen' | 'pinned' | 'imported';
  /** The certificate that it came in the last time. */
  @Column('jsonb', { nullable: true }) certificate!: CertificateFacts | null;
  @Column('timestamptz', { nullable: true }) firstSeenAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastSeenAt!: Date | null;
  @Column('text', { nullable: true }) acceptedBy!: string | null;
  @Column('timestamptz', { nullable: true }) acceptedAt!: Date | null;
  @Column('text', { nullable: true }) revokedBy!: string | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
