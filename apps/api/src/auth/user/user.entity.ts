import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Role } from '@aiops/contracts';

@Entity('users')
@Index('users_username', ['username'], { unique: true })
export class UserEntity {
  @PrimaryColumn('uuid') id!: string;
  /** In lower case: `Alice` and `alice` are one person. */
  @Column('text') username!: string;
  @Column('text') displayName!: string;
  @Column('text') role!: Role;
  /** Null for who has no password, and signs in through a provider. */
  @Column('text', { nullable: true }) passwordHash!: string | null;
  /** Whether somebody else chose the password, and it lets in to nothing but choosing another one. */
  @Column('boolean') mustChangePassword!: boolean;
  @Column('boolean') disabled!: boolean;
  /** Counts up whenever sessions must end; a session carries the number it was made under. */
  @Column('integer') tokenVersion!: number;
  @Column('timestamptz', { nullable: true }) lastLoginAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
