import type { ActorDto } from '@aiops/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AlertEntity } from '../alert.entity.js';

@Entity('alert_timeline')
@Index('alert_timeline_by_alert', ['alertId', 'at', 'id'])
export class AlertTimelineEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') alertId!: string;
  @ManyToOne(() => AlertEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'alert_id', foreignKeyConstraintName: 'alert_timeline_alert_fkey' })
  alert?: Relation<AlertEntity>;
  @Column('timestamptz') at!: Date;
  @Column('text') kind!: string;
  @Column('text') actorKind!: ActorDto['kind'];
  @Column('text', { nullable: true }) actorId!: string | null;
  @Column('text') actorName!: string;
  @Column('text') summary!: string;
  @Column('jsonb') details!: Record<string, unknown>;
}
