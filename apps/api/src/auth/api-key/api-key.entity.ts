import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ApiKeyScope, Role } from '@aiops/contracts';

@Entity('api_keys')
@Index('api_keys_hash', ['hash'], { unique: true })
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') role!: Role;
  @Column('text', { array: true }) scopes!: ApiKeyScope[];
  /** SHA-256 in base64url. A key is 32 random bytes, so a slow hash would protect nothing. */
  @Column('text') hash!: string;
  @Column('text') hint!: string;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
