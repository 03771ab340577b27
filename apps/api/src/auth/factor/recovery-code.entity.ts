import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';

@Entity('recovery_codes')
@Index('recovery_codes_by_user', ['userId'])
export class RecoveryCodeEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') userId!: string;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'recovery_codes_user_fkey' })
  user!: Relation<UserEntity>;
  @Column('text') hash!: string;
  @Column('timestamptz', { nullable: true }) usedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
