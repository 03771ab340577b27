import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';

/** The secret that a person's authenticator app shares with us; it counts once a code of it was right. */
@Entity('totp_factors')
export class TotpFactorEntity {
  @PrimaryColumn('uuid') userId!: string;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'totp_factors_user_fkey' })
  user!: Relation<UserEntity>;
  @Column('text') keyId!: string;
  @Column('text') sealed!: string;
  @Column('timestamptz', { nullable: true }) confirmedAt!: Date | null;
  /** The time step of the last code that was taken: it and those before it are not taken again. */
  @Column('integer', { nullable: true }) lastStep!: number | null;
  @Column('timestamptz') createdAt!: Date;
}
