import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a line of known_hosts with a marker says, for every host of its patterns. */
@Entity('known_host_rules')
@Index('known_host_rules_key', ['kind', 'hosts', 'fingerprint'], { unique: true })
export class KnownHostRuleEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: 'certificate_authority' | 'revoked';
  /** The first field of the line: patterns with commas between, or one hashed name. */
  @Column('text') hosts!: string;
  @Column('text') algorithm!: string;
  @Column('text') fingerprint!: string;
  @Column('text') publicKey!: string;
  @Column('text') comment!: string;
  @Column('text') createdBy!: string;
  @Column('timestamptz') createdAt!: Date;
}
