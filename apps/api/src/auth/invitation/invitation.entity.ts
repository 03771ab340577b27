import type { InvitationKind, Role } from '@aiops/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';

/** A link that lets somebody choose a password, once: to become a user, or because the old one is lost. */
@Entity('invitations')
@Index('invitations_token', ['tokenHash'], { unique: true })
@Index('invitations_username', ['username'])
export class InvitationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: InvitationKind;
  /** Whose password is reset; null for who is no user yet. */
  @Column('uuid', { nullable: true }) userId!: string | null;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'invitations_user_fkey' })
  user?: Relation<UserEntity>;
  @Column('text') username!: string;
  @Column('text') displayName!: string;
  @Column('text') role!: Role;
  @Column('text', { nullable: true }) email!: string | null;
  /** SHA-256 of what is in the link, which nobody can make of it again. */
  @Column('text') tokenHash!: string;
  @Column('text') createdBy!: string;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { nullable: true }) acceptedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}
