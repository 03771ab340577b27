import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ApiKeyScope, Role } from '@aiops/contracts';

@Entity('api_keys')
@Index('api_keys_hash', ['hash'], { unique: true })
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('text') role!: Role;
  @Column('text', { array: true }) scopes!: ApiKeyScope[];
  /** SHA-256 in base64url. A key is 32 random bytes, so a slow hash would protect nothing. */
  @Column('text') hash!: string;
  @Column('text') hint!: string;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt!: Date | null;
  /** The address that it was last used from. */
  @Column('text', { nullable: true }) lastUsedFrom!: string | null;
  /** Name of who made it; null for one that is older than this is noted. */
  @Column('text', { nullable: true }) createdBy!: string | null;
  /** The person behind it: who made it, or who made the key that made it. */
  @Column('uuid', { nullable: true }) makerId!: string | null;
  /** The key that took its place. */
  @Column('uuid', { nullable: true }) replacedBy!: string | null;
  @Column('timestamptz') createdAt!: Date;
}
