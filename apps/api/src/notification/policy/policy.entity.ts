import type { NotificationEvent, Severity } from '@aiops/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('notification_policies')
@Index('notification_policies_name', ['name'], { unique: true })
export class PolicyEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('boolean') enabled!: boolean;
  @Column('jsonb') severities!: Severity[];
  @Column('jsonb') events!: NotificationEvent[];
  @Column('jsonb') channelIds!: string[];
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
