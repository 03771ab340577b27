import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';
import type { AuthMethod, EndReason } from './session-rules.js';

@Entity('sessions')
@Index('sessions_by_user', ['userId'])
export class SessionEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') userId!: string;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sessions_user_fkey' })
  user!: Relation<UserEntity>;
  /** The user's token version when they proved who they are: a session from before a new password is none. */
  @Column('integer') tokenVersion!: number;
  /** How they proved it. */
  @Column('text', { array: true }) methods!: AuthMethod[];
  /** From where it was refreshed last. */
  @Column('text') address!: string;
  @Column('text', { nullable: true }) userAgent!: string | null;
  @Column('timestamptz') createdAt!: Date;
  /** When they proved last who they are. */
  @Column('timestamptz', { default: () => 'now()' }) confirmedAt!: Date;
  /** To the minute. */
  @Column('timestamptz') lastActiveAt!: Date;
  /** The end that no refresh can move. */
  @Column('timestamptz') expiresAt!: Date;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) endReason!: EndReason | null;
}
