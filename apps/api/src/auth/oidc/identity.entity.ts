import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../user/user.entity.js';

/** Who a user is at a provider. Nothing else ties the two together: names and addresses pass from person to person. */
@Entity('user_identities')
@Index('user_identities_by_user', ['userId'])
export class IdentityEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'user_identities_pkey' }) issuer!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'user_identities_pkey' }) subject!: string;
  @Column('uuid') userId!: string;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'user_identities_user_fkey' })
  user!: Relation<UserEntity>;
  @Column('timestamptz') createdAt!: Date;
}
