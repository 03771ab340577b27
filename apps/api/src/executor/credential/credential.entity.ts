import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('credentials')
@Index('credentials_name', ['name'], { unique: true })
export class CredentialEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') kind!: 'ssh_key' | 'password' | 'token' | 'kubeconfig';
  @Column('text') keyId!: string;
  @Column('text') sealed!: string;
  @Column('text', { nullable: true }) fingerprint!: string | null;
  @Column('timestamptz') lastRotatedAt!: Date;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
