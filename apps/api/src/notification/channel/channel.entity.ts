import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('notification_channels')
@Index('notification_channels_name', ['name'], { unique: true })
export class ChannelEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') kind!: 'slack' | 'webhook' | 'email';
  @Column('boolean') enabled!: boolean;
  /** The configuration without its secrets; those are sealed below, as one JSON object. */
  @Column('jsonb') config!: Record<string, unknown>;
  @Column('text', { nullable: true }) secretsKeyId!: string | null;
  @Column('text', { nullable: true }) secretsSealed!: string | null;
  @Column('timestamptz', { nullable: true }) lastDeliveryAt!: Date | null;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
