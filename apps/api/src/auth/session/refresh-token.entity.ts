import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SessionEntity } from './session.entity.js';

@Entity('refresh_tokens')
@Index('refresh_tokens_by_session', ['sessionId'])
export class RefreshTokenEntity {
  /** SHA-256 in base64url. A token is 32 random bytes, so a slow hash would protect nothing. */
  @PrimaryColumn('text') hash!: string;
  @Column('uuid') sessionId!: string;
  @ManyToOne(() => SessionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'refresh_tokens_session_fkey' })
  session!: Relation<SessionEntity>;
  @Column('timestamptz') issuedAt!: Date;
  /** When another one took its place; null for the one that is good. */
  @Column('timestamptz', { nullable: true }) usedAt!: Date | null;
  /** The one that took its place, readable with this token alone. */
  @Column('text', { nullable: true }) successor!: string | null;
}
