import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { AuthMethod } from '../session/session-rules.js';
import { UserEntity } from '../user/user.entity.js';

export type ChallengePurpose = 'second_factor' | 'passkey_sign_in' | 'passkey_registration';

/** Something that was begun and is to be proved within minutes. */
@Entity('sign_in_challenges')
@Index('sign_in_challenges_by_user', ['userId'])
export class SignInChallengeEntity {
  /** SHA-256 of the token that goes on with it. */
  @PrimaryColumn('text') hash!: string;
  @Column('text') purpose!: ChallengePurpose;
  /** Null while nobody knows who signs in. */
  @Column('uuid', { nullable: true }) userId!: string | null;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sign_in_challenges_user_fkey' })
  user!: Relation<UserEntity> | null;
  /** The user's token version when it was begun: a new password ends this, too. */
  @Column('integer', { nullable: true }) tokenVersion!: number | null;
  /** What has been proved already. */
  @Column('text', { array: true }) methods!: AuthMethod[];
  /** What a passkey is to sign. */
  @Column('text', { nullable: true }) challenge!: string | null;
  /** How often it was tried in vain. */
  @Column('integer') tries!: number;
  @Column('timestamptz') expiresAt!: Date;
}
