import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';

/** A key pair on a person's device, of which we have the public half (WebAuthn). */
@Entity('passkeys')
@Index('passkeys_by_user', ['userId'])
@Index('passkeys_credential', ['credentialId'], { unique: true })
export class PasskeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') userId!: string;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'passkeys_user_fkey' })
  user!: Relation<UserEntity>;
  @Column('text') name!: string;
  /** In base64url, as everything that is binary here. */
  @Column('text') credentialId!: string;
  @Column('text') publicKey!: string;
  /** How often it was used, where the device counts; one that does not says 0 for ever. */
  @Column('bigint') counter!: string;
  @Column('text', { array: true }) transports!: string[];
  /** Whether it may be on several devices of its person. */
  @Column('boolean') synced!: boolean;
  @Column('timestamptz', { nullable: true }) lastUsedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
