import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Message } from './message.js';

/** One message to one channel. `dedupKey` makes a repeated delivery of an event harmless. */
@Entity('notifications')
@Index('notifications_dedup', ['channelId', 'dedupKey'], { unique: true })
@Index('notifications_by_time', ['createdAt', 'id'])
export class NotificationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') channelId!: string;
  @Column('text') channelName!: string;
  @Column('text') dedupKey!: string;
  @Column('text') event!: string;
  @Column('jsonb') message!: Message;
  @Column('uuid', { nullable: true }) alertId!: string | null;
  @Column('uuid', { nullable: true }) executionId!: string | null;
  @Column('text') status!: 'pending' | 'delivered' | 'retrying' | 'failed';
  @Column('integer') attempts!: number;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) deliveredAt!: Date | null;
}
