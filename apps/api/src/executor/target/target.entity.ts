import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CredentialEntity } from '../credential/credential.entity.js';

@Entity('targets')
@Index('targets_name', ['name'], { unique: true })
@Index('targets_credential', ['credentialId'])
export class TargetEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') kind!: 'ssh' | 'http' | 'kubernetes';
  @Column('text') host!: string;
  @Column('integer') port!: number;
  @Column('text', { nullable: true }) username!: string | null;
  @Column('text') shell!: 'posix' | 'powershell';
  @Column('jsonb') labels!: Record<string, string>;
  @Column('uuid', { nullable: true }) credentialId!: string | null;
  @ManyToOne(() => CredentialEntity, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'credential_id', foreignKeyConstraintName: 'targets_credential_fkey' })
  credential!: Relation<CredentialEntity> | null;
  @Column('boolean', { nullable: true }) reachable!: boolean | null;
  @Column('timestamptz', { nullable: true }) lastSeenAt!: Date | null;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
