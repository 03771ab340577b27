import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('signing_keys')
export class SigningKeyEntity {
  /** Names the key in the header of the tokens that it signed. */
  @PrimaryColumn('text') kid!: string;
  /** The secret, sealed under this key of `ENCRYPTION_KEYS`. */
  @Column('text') keyId!: string;
  @Column('text') sealed!: string;
  @Column('timestamptz') createdAt!: Date;
  /** When it stops being accepted; null while it signs. */
  @Column('timestamptz', { nullable: true }) retiresAt!: Date | null;
}
