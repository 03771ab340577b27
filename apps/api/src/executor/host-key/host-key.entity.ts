import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('host_keys')
@Index('host_keys_target_fingerprint', ['targetId', 'fingerprint'], { unique: true })
export class HostKeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') targetId!: string;
  @Column('text') algorithm!: string;
  @Column('text') fingerprint!: string;
  @Column('text') status!: 'pending' | 'accepted' | 'revoked';
  @Column('timestamptz') firstSeenAt!: Date;
  @Column('timestamptz') lastSeenAt!: Date;
  @Column('text', { nullable: true }) acceptedBy!: string | null;
  @Column('timestamptz', { nullable: true }) acceptedAt!: Date | null;
}
